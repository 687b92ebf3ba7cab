// SPDX-License-Identifier: MIT
#include "uploadbody.h"

#include <algorithm>

namespace voidrun
{

using namespace Qt::StringLiterals;

UploadBody::UploadBody(const QByteArray &bytes, QObject *parent)
    : QIODevice(parent), m_source(&m_buffer), m_announced(bytes.size())
{
    m_buffer.setData(bytes);
    m_buffer.open(QIODevice::ReadOnly);
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

UploadBody::UploadBody(QIODevice *source, QObject *parent)
    : QIODevice(parent), m_source(source), m_announced(source->size() - source->pos())
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 UploadBody::bytesAvailable() const
{
    return m_announced - m_sent;
}

void UploadBody::fail(const QString &why)
{
    if (m_failed)
        return;
    m_failed = true;
    // Not from inside the network's read.
    QMetaObject::invokeMethod(this, [this, why] { Q_EMIT failed(why); }, Qt::QueuedConnection);
}

qint64 UploadBody::readData(char *data, qint64 maxSize)
{
    if (m_failed)
        return 0;
    const qint64 remaining = m_announced - m_sent;
    if (remaining <= 0 || maxSize <= 0)
        return 0;
    const qint64 count = m_source->read(data, std::min(maxSize, remaining));
    if (count < 0) {
        fail(m_source->errorString());
        return 0;
    }
    if (count == 0) {
        fail(u"the file became shorter while it was sent"_s);
        return 0;
    }
    // Checked before the last piece goes out, so that the server never has a complete body of a
    // file that has grown.
    if (count == remaining && m_source != &m_buffer) {
        char more = 0;
        if (m_source->read(&more, 1) > 0) {
            fail(u"the file became longer while it was sent"_s);
            return 0;
        }
    }
    m_sent += count;
    return count;
}

}  // namespace voidrun
