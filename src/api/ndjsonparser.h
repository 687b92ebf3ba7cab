// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace voidrun
{

// Lines of newline-delimited JSON from pieces cut anywhere; blank lines are left out. The lines are
// not parsed here. Pure, any one thread.
class NdjsonParser
{
public:
    static constexpr qsizetype maxLine = 16LL * 1024 * 1024;  // bytes

    // The lines that `bytes` completes. After a line over maxLine nothing more comes.
    QList<QByteArray> feed(QByteArrayView bytes);
    // The stream is over: what is left, which may be a whole last line or a part of one.
    QByteArray finish();
    bool isTooLong() const { return m_tooLong; }

private:
    QByteArray m_rest;
    bool m_tooLong = false;
};

}  // namespace voidrun
