// SPDX-License-Identifier: MIT
#include "lastline.h"

namespace voidrun
{

namespace
{

bool hasText(QByteArrayView bytes)
{
    return !bytes.trimmed().isEmpty();
}

}  // namespace

void LastLine::append(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    qsizetype end = bytes.lastIndexOf('\n');
    if (end >= 0) {
        const QByteArrayView rest = bytes.sliced(end + 1);
        bool isFound = false;
        // Lines that are whole in these bytes, the last one first.
        for (qsizetype before = end; !isFound && before >= 0; end = before) {
            before = end > 0 ? bytes.first(end).lastIndexOf('\n') : -1;
            const QByteArrayView line = bytes.first(end).sliced(before + 1);
            isFound = hasText(line);
            if (before < 0) {
                if (m_isTooLong || m_open.size() + line.size() > Longest)
                    m_last.clear();
                else if (isFound || hasText(m_open))
                    m_last = m_open.append(line);
            } else if (isFound) {
                m_last = line.toByteArray();
            }
        }
        m_open.clear();
        m_isTooLong = false;
        bytes = rest;
    }
    m_isTooLong = m_isTooLong || m_open.size() + bytes.size() > Longest;
    if (m_isTooLong)
        m_open.clear();
    else
        m_open.append(bytes);
}

QByteArray LastLine::value() const
{
    if (m_isTooLong)
        return {};
    return (hasText(m_open) ? m_open : m_last).trimmed();
}

}  // namespace voidrun
