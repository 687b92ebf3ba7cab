// SPDX-License-Identifier: MIT
// Not built: what the layer lint must refuse.
#pragma once

#include "widgets/mainwindow.h"
