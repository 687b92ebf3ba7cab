// SPDX-License-Identifier: MIT
#include "terminalsearch.h"

#include "cellwidth.h"

namespace voidrun
{

namespace
{

// Where a line of text comes to stand, character after character.
class Walker
{
public:
    Walker(QStringView text, int columns) : m_text(text), m_columns(qMax(2, columns)) {}

    int line() const { return m_line; }

    // Goes on to the character at that place.
    void walkTo(qsizetype place)
    {
        while (m_at < place && m_at < m_text.size())
            step();
    }
    TerminalMatch spansTo(qsizetype place)
    {
        TerminalMatch spans;
        while (m_at < place && m_at < m_text.size()) {
            const int width = prepare();
            if (spans.isEmpty() || spans.last().line != m_line)
                spans.append({m_line, m_column, 0});
            spans.last().cells += width;
            step();
        }
        return spans;
    }
    void newLine()
    {
        ++m_line;
        m_column = 0;
    }

private:
    char32_t current() const
    {
        const QChar c = m_text.at(m_at);
        return c.isHighSurrogate() && m_at + 1 < m_text.size()
                   ? QChar::surrogateToUcs4(c, m_text.at(m_at + 1))
                   : c.unicode();
    }
    // What does not fit goes to the next line. Gives the width.
    int prepare()
    {
        const int width = cellWidth(current());
        if (m_column + width > m_columns)
            newLine();
        return width;
    }
    void step()
    {
        m_column += prepare();
        m_at += current() > 0xffff ? 2 : 1;
    }

    QStringView m_text;
    int m_columns;
    qsizetype m_at = 0;
    int m_line = 0;
    int m_column = 0;
};

}  // namespace

QList<TerminalMatch> findInTerminal(const QString &text, const QString &needle, int columns,
                                    Qt::CaseSensitivity sensitivity, qsizetype most)
{
    QList<TerminalMatch> matches;
    if (needle.isEmpty())
        return matches;
    int first = 0;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        Walker walker(line, columns);
        for (qsizetype at = line.indexOf(needle, 0, sensitivity); at >= 0 && matches.size() < most;
             at = line.indexOf(needle, at + needle.size(), sensitivity)) {
            walker.walkTo(at);
            TerminalMatch spans = walker.spansTo(at + needle.size());
            for (TerminalSpan &span : spans)
                span.line += first;
            matches.append(spans);
        }
        walker.walkTo(line.size());
        first += walker.line() + 1;
    }
    return matches;
}

}  // namespace voidrun
