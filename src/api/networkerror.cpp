// SPDX-License-Identifier: MIT
#include "networkerror.h"

#include "loopbackreply.h"
#include "request.h"

namespace voidrun
{

using Code = QNetworkReply::NetworkError;

bool isTransportError(Code code)
{
    return (code > Code::NoError && code < Code::ContentAccessDenied) ||
           code == Code::ContentReSendError || code == Code::ProtocolUnknownError ||
           code == Code::ProtocolFailure;  // ProtocolInvalidOperationError is status 400
}

Error transportError(const QNetworkReply &reply, bool answered, const QString &address)
{
    using Kind = Error::Kind;
    Kind kind = answered ? Kind::ConnectionLost : Kind::Unreachable;
    switch (reply.error()) {
        case Code::SslHandshakeFailedError:
            kind = Kind::Tls;
            break;
        case Code::RemoteHostClosedError:
        case Code::ContentReSendError:  // closed before the answer; the body is never sent twice
            kind = Kind::ConnectionLost;
            break;
        case Code::TimeoutError:
        case Code::ProxyTimeoutError:
            kind = Kind::Timeout;
            break;
        case Code::ProtocolUnknownError:
        case Code::ProtocolFailure:
            kind = reply.attribute(LoopbackReply::headTooLongAttribute).toBool() ? Kind::TooLarge
                                                                                 : Kind::NotVoidRun;
            break;
        default:
            break;
    }
    return makeError(kind, reply.errorString(), address);
}

}  // namespace voidrun
