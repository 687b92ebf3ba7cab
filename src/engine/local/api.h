// SPDX-License-Identifier: MIT
#pragma once

#include "apikeys.h"
#include "common/exchange.h"
#include "sandboxes.h"

namespace voidrun
{

// The contract's calls (api.md): what concerns sandboxes and the account is answered here, what
// happens inside a sandbox goes to its agent. Owned by main; engine thread.
class Api
{
public:
    Api(Sandboxes &sandboxes, const Images &images, ApiKeys &keys);

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

    // api.cpp
    Awaitable<void> version(Exchange &exchange);
    Awaitable<void> callGuest(Exchange &exchange);
    // apisandboxes.cpp
    Awaitable<void> listSandboxes(Exchange &exchange);
    Awaitable<void> createSandbox(Exchange &exchange);
    Awaitable<void> showSandbox(Exchange &exchange);
    Awaitable<void> changeSandbox(Exchange &exchange);
    Awaitable<void> deleteSandbox(Exchange &exchange);
    Awaitable<void> sleepSandbox(Exchange &exchange);
    Awaitable<void> wakeSandbox(Exchange &exchange);
    Awaitable<void> startSandbox(Exchange &exchange);
    Awaitable<void> showPublicUrls(Exchange &exchange);
    Awaitable<void> changePorts(Exchange &exchange);
    // apiaccount.cpp
    Awaitable<void> listImages(Exchange &exchange);
    Awaitable<void> showImage(Exchange &exchange);
    Awaitable<void> showImageByName(Exchange &exchange);
    Awaitable<void> showUser(Exchange &exchange);
    Awaitable<void> listUsers(Exchange &exchange);
    Awaitable<void> listKeys(Exchange &exchange);
    Awaitable<void> createKey(Exchange &exchange);
    Awaitable<void> deleteKey(Exchange &exchange);
    Awaitable<void> activateKey(Exchange &exchange);
    Awaitable<void> touchKey(Exchange &exchange);

    std::shared_ptr<Sandbox> sandboxOf(const Exchange &exchange) const;

    Sandboxes &m_sandboxes;
    const Images &m_images;
    ApiKeys &m_keys;
};

}  // namespace voidrun
