// SPDX-License-Identifier: MIT
#include "linediff.h"

#include <QHash>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Context = 3;         // lines around a change
constexpr int MostChanges = 1000;  // beyond, the search would cost more than it tells

using Kind = DiffLine::Kind;

// The lines as numbers, so that comparing two costs nothing.
struct Sides {
    QStringList before;
    QStringList after;
    std::vector<int> a;
    std::vector<int> b;
};

Sides sidesOf(const QString &before, const QString &after)
{
    Sides sides{before.split(u'\n'), after.split(u'\n'), {}, {}};
    QHash<QString, int> numbers;
    const auto numbered = [&numbers](const QStringList &lines) {
        std::vector<int> result;
        result.reserve(static_cast<size_t>(lines.size()));
        for (const QString &line : lines) {
            auto number = numbers.constFind(line);
            if (number == numbers.cend())
                number = numbers.insert(line, static_cast<int>(numbers.size()));
            result.push_back(*number);
        }
        return result;
    };
    sides.a = numbered(sides.before);
    sides.b = numbered(sides.after);
    return sides;
}

// Myers' greedy search for a shortest edit between a[from, aEnd) and b[from, bEnd).
class Search
{
public:
    using Pairs = std::vector<std::pair<int, int>>;

    Search(const Sides &sides, int from, int aEnd, int bEnd)
        : m_sides(sides),
          m_from(from),
          m_aSize(aEnd - from),
          m_bSize(bEnd - from),
          m_most(std::min(m_aSize + m_bSize, MostChanges)),
          m_furthest(2 * static_cast<size_t>(m_most) + 3, 0)
    {
    }

    // The positions of the lines that stay; none where there are too many changes.
    Pairs run()
    {
        for (int round = 0; round <= m_most; ++round) {
            for (int diagonal = -round; diagonal <= round; diagonal += 2) {
                if (advance(round, diagonal))
                    return wayBack(round);
            }
            m_trace.emplace_back(m_furthest.begin() + (m_most + 1 - round),
                                 m_furthest.begin() + (m_most + 2 + round));
        }
        return {};
    }

private:
    int &furthest(int diagonal)
    {
        const int index = m_most + 1 + diagonal;
        return m_furthest[static_cast<size_t>(index)];
    }

    bool isSame(int x, int y) const
    {
        const int left = m_from + x;
        const int right = m_from + y;
        return m_sides.a[static_cast<size_t>(left)] == m_sides.b[static_cast<size_t>(right)];
    }

    // As far as the diagonal goes in this round; true at the end of both.
    bool advance(int round, int diagonal)
    {
        const bool isDown = diagonal == -round ||
                            (diagonal != round && furthest(diagonal - 1) < furthest(diagonal + 1));
        int x = isDown ? furthest(diagonal + 1) : furthest(diagonal - 1) + 1;
        while (x < m_aSize && x - diagonal < m_bSize && isSame(x, x - diagonal))
            ++x;
        furthest(diagonal) = x;
        return x >= m_aSize && x - diagonal >= m_bSize;
    }

    Pairs wayBack(int rounds) const
    {
        Pairs kept;
        int x = m_aSize;
        int y = m_bSize;
        for (int round = rounds; round > 0; --round) {
            const std::vector<int> &before = m_trace[static_cast<size_t>(round - 1)];
            const auto reached = [&before, round](int diagonal) {
                return before[static_cast<size_t>(diagonal + round - 1)];
            };
            const int diagonal = x - y;
            const bool wasDown =
                diagonal == -round ||
                (diagonal != round && reached(diagonal - 1) < reached(diagonal + 1));
            const int last = wasDown ? diagonal + 1 : diagonal - 1;
            for (; x > reached(last) && y > reached(last) - last; --x, --y)
                kept.emplace_back(m_from + x - 1, m_from + y - 1);
            x = reached(last);
            y = x - last;
        }
        for (; x > 0; --x)
            kept.emplace_back(m_from + x - 1, m_from + x - 1);
        std::ranges::reverse(kept);
        return kept;
    }

    const Sides &m_sides;
    int m_from;
    int m_aSize;
    int m_bSize;
    int m_most;
    std::vector<int> m_furthest;            // position in a, by diagonal
    std::vector<std::vector<int>> m_trace;  // the same after each round, its diagonals only
};

QList<DiffLine> whole(const Sides &sides)
{
    const auto aSize = static_cast<int>(sides.a.size());
    const auto bSize = static_cast<int>(sides.b.size());
    int begin = 0;
    while (begin < std::min(aSize, bSize) &&
           sides.a[static_cast<size_t>(begin)] == sides.b[static_cast<size_t>(begin)])
        ++begin;
    int end = 0;
    while (end < std::min(aSize, bSize) - begin &&
           sides.a[static_cast<size_t>(aSize - 1 - end)] ==
               sides.b[static_cast<size_t>(bSize - 1 - end)])
        ++end;
    Search::Pairs kept = Search(sides, begin, aSize - end, bSize - end).run();
    for (int i = 0; i < end; ++i)
        kept.emplace_back(aSize - end + i, bSize - end + i);
    kept.emplace_back(aSize, bSize);  // the end of both

    QList<DiffLine> lines;
    for (int i = 0; i < begin; ++i)
        lines.append({Kind::Same, sides.before[i], i + 1, i + 1});
    int x = begin;
    int y = begin;
    for (const auto &[keptX, keptY] : kept) {
        for (; x < keptX; ++x)
            lines.append({Kind::Removed, sides.before[x], x + 1, 0});
        for (; y < keptY; ++y)
            lines.append({Kind::Added, sides.after[y], 0, y + 1});
        if (keptX < aSize)
            lines.append({Kind::Same, sides.before[x], x + 1, y + 1});
        ++x;
        ++y;
    }
    return lines;
}

}  // namespace

QList<DiffLine> lineDiff(const QString &before, const QString &after)
{
    if (before == after)
        return {};
    const QList<DiffLine> all = whole(sidesOf(before, after));
    std::vector<bool> isShown(static_cast<size_t>(all.size()));
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (all[i].kind == Kind::Same)
            continue;
        const qsizetype last = std::min(all.size() - 1, i + Context);
        for (qsizetype near = std::max(qsizetype(0), i - Context); near <= last; ++near)
            isShown[static_cast<size_t>(near)] = true;
    }
    QList<DiffLine> shown;
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (isShown[static_cast<size_t>(i)])
            shown.append(all[i]);
        else if (!shown.isEmpty() && shown.last().kind == Kind::Gap)
            ++shown.last().count;
        else
            shown.append({Kind::Gap, {}, all[i].oldLine, all[i].newLine});
    }
    return shown;
}

}  // namespace voidrun
