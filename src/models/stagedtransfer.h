// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "transfermodel.h"

namespace voidrun
{

// A transfer of one file that no list shows: gives its id and, when it has ended, what it made to
// `done`, while `context` lives. An attempt that failed is not repeated by the model: who asked
// knows better when.
int startStaged(TransferModel *transfers, TransferRequest request, QObject *context,
                const std::function<void(const Result<QString> &)> &done);

}  // namespace voidrun
