// SPDX-License-Identifier: MIT
#include "api.h"
#include "common/jsonbody.h"
#include "identity.h"

namespace voidrun
{

Awaitable<void> Api::listImages(Exchange &exchange)
{
    json::array images;
    for (const Images::Image &image : m_images.list())
        images.push_back(image.toJson());
    co_await exchange.sendJson(200, std::move(images));
}

Awaitable<void> Api::showImage(Exchange &exchange)
{
    for (const Images::Image &image : m_images.list()) {
        if (image.id() == exchange.target().segments[2])
            co_return co_await exchange.sendJson(200, image.toJson());
    }
    throw HttpError(404, "There is no such image.");
}

Awaitable<void> Api::showImageByName(Exchange &exchange)
{
    const auto image = m_images.find(exchange.target().segments[3]);
    if (!image)
        throw HttpError(404, "There is no such image.");
    co_await exchange.sendJson(200, image->toJson());
}

Awaitable<void> Api::showUser(Exchange &exchange)
{
    json::object user = localUserObject();
    user["orgs"] =
        json::array{json::object{{"id", localOrganisation()}, {"name", "This computer"}}};
    co_await exchange.sendJson(200, std::move(user));
}

Awaitable<void> Api::listUsers(Exchange &exchange)
{
    co_await exchange.sendSuccess(json::array{localUserObject()}, "Users");
}

Awaitable<void> Api::listKeys(Exchange &exchange)
{
    co_await exchange.sendJson(200, m_keys.list());
}

Awaitable<void> Api::createKey(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const ApiKeys::Issued issued = m_keys.issue(body.requiredString("keyName"));
    co_await exchange.sendJson(201, json::object{{"plainKey", issued.plainKey},
                                                 {"keyId", issued.object.at("id")},
                                                 {"keyName", issued.object.at("name")},
                                                 {"orgId", issued.object.at("orgId")},
                                                 {"createdAt", issued.object.at("createdAt")},
                                                 {"expiresIn", "never"}});
}

Awaitable<void> Api::deleteKey(Exchange &exchange)
{
    m_keys.remove(exchange.target().segments[3]);
    co_await exchange.sendSuccess(nullptr, "API key deleted");
}

Awaitable<void> Api::activateKey(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const auto active = body.boolean("isActive");
    if (!active)
        throw HttpError(400, "The field 'isActive' is required.");
    co_await exchange.sendSuccess(m_keys.setActive(exchange.target().segments[3], *active),
                                  *active ? "API key activated" : "API key deactivated");
}

Awaitable<void> Api::touchKey(Exchange &exchange)
{
    co_await exchange.sendSuccess(m_keys.touch(exchange.target().segments[3]), "API key touched");
}

}  // namespace voidrun
