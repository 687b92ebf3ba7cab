// SPDX-License-Identifier: MIT
#include "ndjsonparser.h"

#include <utility>

namespace voidrun
{

QList<QByteArray> NdjsonParser::feed(QByteArrayView bytes)
{
    QList<QByteArray> lines;
    if (m_tooLong)
        return lines;
    qsizetype from = m_rest.size();  // the rest has no line end
    m_rest.append(bytes);
    qsizetype start = 0;
    for (;;) {
        const qsizetype end = m_rest.indexOf('\n', from);
        if (end < 0)
            break;
        const QByteArray line = m_rest.sliced(start, end - start).trimmed();
        start = from = end + 1;
        if (line.size() > maxLine)
            m_tooLong = true;
        if (!line.isEmpty() && !m_tooLong)
            lines.append(line);
    }
    m_rest.remove(0, start);
    m_tooLong = m_tooLong || m_rest.size() > maxLine;
    if (m_tooLong)
        m_rest.clear();
    return lines;
}

QByteArray NdjsonParser::finish()
{
    return std::exchange(m_rest, {}).trimmed();
}

}  // namespace voidrun
