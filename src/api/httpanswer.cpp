// SPDX-License-Identifier: MIT
#include "httpanswer.h"

namespace voidrun
{

qsizetype HttpAnswer::feed(QByteArrayView bytes, QByteArray &body)
{
    qsizetype taken = 0;
    if (!m_head.isComplete()) {
        taken = m_head.feed(bytes);
        if (!m_head.isComplete())
            return taken;
        m_body.start(m_head.head());
    }
    return taken + m_body.feed(bytes.sliced(taken), body);
}

void HttpAnswer::close()
{
    m_isClosed = isHeadComplete() && m_body.endsWithConnection() && problem().isEmpty();
}

bool HttpAnswer::keepsConnection() const
{
    return isComplete() && !m_isClosed && head().minorVersion > 0 &&
           !head().hasWord("Connection", "close");
}

QString HttpAnswer::problem() const
{
    return m_head.problem().isEmpty() ? m_body.problem() : m_head.problem();
}

}  // namespace voidrun
