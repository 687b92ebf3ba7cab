// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <algorithm>
#include <cstring>

namespace voidrun
{

// Bytes that wait for their reader. Its memory is kept from piece to piece.
class BodyBuffer
{
public:
    qint64 size() const { return m_bytes.size() - m_taken; }
    // Where more is added.
    QByteArray &end() { return m_bytes; }

    // How many bytes were copied to `data`, at most `limit`.
    qint64 take(char *data, qint64 limit)
    {
        const qint64 count = std::min(limit, size());
        if (count <= 0)
            return 0;
        std::memcpy(data, m_bytes.constData() + m_taken, static_cast<size_t>(count));
        m_taken += count;
        if (m_taken == m_bytes.size()) {
            m_bytes.resize(0);
            m_taken = 0;
        }
        return count;
    }

private:
    QByteArray m_bytes;
    qsizetype m_taken = 0;
};

}  // namespace voidrun
