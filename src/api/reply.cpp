// SPDX-License-Identifier: MIT
#include "reply.h"

namespace voidrun
{

ReplyBase::ReplyBase(QObject *parent) : QObject(parent) {}

void ReplyBase::abort()
{
    if (!m_finished)
        Q_EMIT abortRequested();
}

void ReplyBase::complete()
{
    if (m_finished)
        return;
    m_finished = true;
    // A slot may delete the client, and this with it.
    const QPointer<ReplyBase> self(this);
    Q_EMIT finished();
    if (self)
        deleteLater();
}

}  // namespace voidrun
