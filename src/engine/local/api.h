// SPDX-License-Identifier: MIT
#pragma once

#include "common/exchange.h"
#include "sandboxes.h"

namespace voidrun
{

// The contract's calls (api.md): what concerns sandboxes is answered here, what happens inside one
// goes to its agent. Owned by main; engine thread.
class Api
{
public:
    explicit Api(Sandboxes &sandboxes);

    // Whether the call needs no key.
    static bool isOpen(const Exchange &exchange);
    // Answers. Throws HttpError.
    Awaitable<void> handle(Exchange &exchange);

private:
    using Handler = Awaitable<void> (Api::*)(Exchange &exchange);
    struct Route {
        http::verb method;
        std::string_view path;  // "{id}" and "{name}" stand for any one segment
        Handler handler;
    };
    static const std::vector<Route> &routes();

    Awaitable<void> version(Exchange &exchange);
    Awaitable<void> listImages(Exchange &exchange);
    Awaitable<void> showImage(Exchange &exchange);
    Awaitable<void> showImageByName(Exchange &exchange);
    Awaitable<void> listSandboxes(Exchange &exchange);
    Awaitable<void> createSandbox(Exchange &exchange);
    Awaitable<void> showSandbox(Exchange &exchange);
    Awaitable<void> changeSandbox(Exchange &exchange);
    Awaitable<void> deleteSandbox(Exchange &exchange);
    Awaitable<void> sleepSandbox(Exchange &exchange);
    Awaitable<void> wakeSandbox(Exchange &exchange);
    Awaitable<void> changePorts(Exchange &exchange);
    Awaitable<void> callGuest(Exchange &exchange);

    std::shared_ptr<Sandbox> sandboxOf(const Exchange &exchange) const;
    static json::array images();

    Sandboxes &m_sandboxes;
};

}  // namespace voidrun
