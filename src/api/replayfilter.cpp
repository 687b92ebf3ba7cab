// SPDX-License-Identifier: MIT
#include "replayfilter.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace voidrun
{

namespace
{

constexpr qsizetype maxHistory = 2 * ReplayFilter::ringSize;  // cut back to one ring from there
constexpr qsizetype maxPending = 4 * ReplayFilter::ringSize;  // several cuts in a row

}  // namespace

qsizetype ReplayFilter::overlap(QByteArrayView text, QByteArrayView start)
{
    const qsizetype length = std::min(text.size(), start.size());
    if (length == 0)
        return 0;
    const QByteArrayView pattern = start.first(length);
    const QByteArrayView end = text.last(length);
    // Knuth, Morris, Pratt: after the whole text the state is the answer.
    std::vector<int> border(static_cast<size_t>(length), 0);
    qsizetype state = 0;
    const auto step = [&](char c) {
        while (state > 0 && (state == length || pattern[state] != c))
            state = border[static_cast<size_t>(state - 1)];
        if (pattern[state] == c)
            ++state;
    };
    for (qsizetype i = 1; i < length; ++i) {
        step(pattern[i]);
        border[static_cast<size_t>(i)] = static_cast<int>(state);
    }
    state = 0;
    for (const char c : end)
        step(c);
    return state;
}

void ReplayFilter::remember(QByteArrayView bytes)
{
    m_history.append(bytes.last(std::min(bytes.size(), ringSize)));
    if (m_history.size() > maxHistory)
        m_history.remove(0, m_history.size() - ringSize);
}

QByteArray ReplayFilter::feed(QByteArrayView bytes)
{
    if (!m_collecting) {
        remember(bytes);
        return bytes.toByteArray();
    }
    m_incoming.append(bytes);
    return m_incoming.size() >= ringSize ? decide() : QByteArray();
}

void ReplayFilter::reattached()
{
    m_pending.append(std::exchange(m_incoming, {}));
    if (m_pending.size() > maxPending)
        m_pending.remove(0, m_pending.size() - maxPending);
    m_collecting = true;
}

bool ReplayFilter::isWithinHistory() const
{
    return m_incoming.size() >= minimumMatch && m_history.contains(m_incoming);
}

QByteArray ReplayFilter::settle()
{
    return m_collecting ? decide() : QByteArray();
}

QByteArray ReplayFilter::finish()
{
    if (m_collecting && isWithinHistory())
        m_incoming.clear();
    return settle();
}

qsizetype ReplayFilter::known(QByteArrayView bytes) const
{
    const qsizetype length = overlap(m_history, bytes);
    const bool isReplay = length == m_history.size() || length >= minimumMatch;
    return isReplay ? length : -1;
}

bool ReplayFilter::foundReplay() const
{
    return !m_incoming.isEmpty() && !m_history.isEmpty() && known(m_incoming) > 0;
}

QByteArray ReplayFilter::decide()
{
    // A replay also holds what was pending.
    return take(foundReplay() ? m_incoming.sliced(known(m_incoming))
                              : QByteArray(m_pending).append(m_incoming));
}

QByteArray ReplayFilter::merge(QByteArrayView buffer, qsizetype least)
{
    // Text: half a character at its start has become a replacement.
    constexpr QByteArrayView replacement("\xef\xbf\xbd");
    for (int bytes = 0; bytes < 3 && buffer.startsWith(replacement); ++bytes)
        buffer = buffer.sliced(replacement.size());
    const qsizetype shown = m_history.endsWith(buffer) ? buffer.size() : known(buffer);
    if (shown < 0)
        return settle();  // more was printed than it holds, or it is not of this output
    // All since what was shown: the cut, and what came after it as far as it was printed by then.
    const QByteArrayView since = buffer.sliced(shown);
    const qsizetype both = overlap(since, m_incoming);
    if (both < least)
        return settle();
    return take(since.toByteArray().append(m_incoming.sliced(both)));
}

QByteArray ReplayFilter::take(const QByteArray &fresh)
{
    m_incoming.clear();
    m_pending.clear();
    m_collecting = false;
    remember(fresh);
    return fresh;
}

}  // namespace voidrun
