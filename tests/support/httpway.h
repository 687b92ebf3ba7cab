// SPDX-License-Identifier: MIT
#pragma once

#include <QtEnvironmentVariables>

#include "api/options.h"

namespace voidrun::test
{

// The product's limits. Tests run a second time with VOIDRUN_TEST_HTTP=qt, to hold the way through
// QNetworkAccessManager, which other computers are reached by, to the same.
inline TransportOptions productOptions()
{
    TransportOptions options;
    options.ownHttp = qgetenv("VOIDRUN_TEST_HTTP") != "qt";
    return options;
}

}  // namespace voidrun::test
