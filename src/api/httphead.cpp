// SPDX-License-Identifier: MIT
#include "httphead.h"

#include <QList>

#include <algorithm>
#include <utility>

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr QByteArrayView versionStart = "HTTP/1.";
constexpr qsizetype shortestStatus = 12;  // "HTTP/1.1 200"

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// RFC 9110, 5.6.2
bool isTokenCharacter(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isTextCharacter(char c)
{
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

}  // namespace

QString headersTooLong()
{
    return u"the headers of the answer are over 64 KiB"_s;
}

bool HttpHead::hasWord(QAnyStringView name, QByteArrayView word) const
{
    const QList<QByteArray> words = headers.combinedValue(name).split(',');
    return std::ranges::any_of(words, [word](const QByteArray &one) {
        return one.trimmed().compare(word, Qt::CaseInsensitive) == 0;
    });
}

qsizetype HttpHeadParser::feed(QByteArrayView bytes)
{
    qsizetype taken = 0;
    while (taken < bytes.size() && !m_isComplete && m_problem.isEmpty()) {
        const QByteArrayView rest = bytes.sliced(taken);
        const qsizetype end = rest.indexOf('\n');
        const QByteArrayView part = end < 0 ? rest : rest.first(end + 1);
        if (m_head.status == 0 && !mayStart(part)) {
            m_problem = u"the answer is no HTTP"_s;
            break;
        }
        // Of what is too long only the fact is kept.
        const auto allowed =
            static_cast<qsizetype>(std::min<qint64>(part.size(), m_limit + 1 - m_taken));
        m_taken += allowed;
        taken += allowed;
        if (isTooLong())
            m_problem = headersTooLong();
        else if (end < 0)
            m_line += part;
        else if (m_line.isEmpty())
            takeLine(part);
        else
            takeLine(QByteArray(std::exchange(m_line, {}) + part));
    }
    return taken;
}

// Something else than HTTP is told by its first bytes: it may have no lines.
bool HttpHeadParser::mayStart(QByteArrayView part) const
{
    if (m_line.size() >= versionStart.size())
        return true;
    const QByteArrayView expected = versionStart.sliced(m_line.size());
    const qsizetype known = std::min(part.size(), expected.size());
    return part.first(known) == expected.first(known);
}

void HttpHeadParser::takeLine(QByteArrayView line)
{
    if (!line.endsWith("\r\n")) {
        m_problem = u"a line of the headers has no proper end"_s;
        return;
    }
    line.chop(2);
    if (m_head.status == 0)
        takeStatus(line);
    else if (line.isEmpty())
        end();
    else
        takeHeader(line);
}

// HTTP/1.1 200 Reason; some servers leave the reason and its blank away.
void HttpHeadParser::takeStatus(QByteArrayView line)
{
    const bool isStatus = line.size() >= shortestStatus && (line[7] == '0' || line[7] == '1') &&
                          line[8] == ' ' &&
                          std::all_of(line.begin() + 9, line.begin() + 12, isDigit) &&
                          (line.size() == shortestStatus || line[12] == ' ') &&
                          std::ranges::all_of(line, isTextCharacter);
    const int status = isStatus ? line.sliced(9, 3).toInt() : 0;
    if (status < 100 || status > 599) {
        m_problem = u"the status of the answer makes no sense"_s;
        return;
    }
    m_head.minorVersion = line[7] - '0';
    m_head.status = status;
    m_head.reason = line.sliced(shortestStatus).trimmed().toByteArray();
}

void HttpHeadParser::takeHeader(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = line.first(std::max<qsizetype>(colon, 0));
    const QByteArrayView value = line.sliced(colon + 1);
    if (name.isEmpty() || !std::ranges::all_of(name, isTokenCharacter) ||
        !std::ranges::all_of(value, isTextCharacter)) {
        m_problem = u"a header of the answer makes no sense"_s;
        return;
    }
    m_head.headers.append(QLatin1StringView(name), value.trimmed());
}

void HttpHeadParser::end()
{
    if (m_head.status >= 200) {
        m_isComplete = true;
        return;
    }
    // Nothing that changes the protocol was asked for.
    if (m_head.status == 101)
        m_problem = u"the server changes to another protocol"_s;
    m_head = {};
}

}  // namespace voidrun
