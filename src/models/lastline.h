// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace voidrun
{

// The last line of an output that is more than white space, however the output is cut on its way
// here. Any thread, one at a time.
class LastLine
{
public:
    static constexpr qsizetype Longest = 16LL * 1024 * 1024;  // bytes; a longer one counts as none

    void append(QByteArrayView bytes);
    // So far; a line that has not ended counts too.
    QByteArray value() const;

private:
    QByteArray m_last;
    QByteArray m_open;
    bool m_isTooLong = false;  // m_open
};

}  // namespace voidrun
