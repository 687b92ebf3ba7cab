// SPDX-License-Identifier: MIT
#include "terminalfeed.h"

#include <QThread>

#include <cerrno>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace voidrun
{

namespace
{
constexpr int WriterHighMark = 256 * 1024;  // bytes that may wait for the pty
constexpr int PollInterval = 100;           // ms between looks at whether to stop
}  // namespace

// Writes to the pty slave in a thread of its own.
class TerminalFeed::PtyWriter : public QObject
{
public:
    PtyWriter(TerminalFeed *feed, int fd) : m_feed(feed), m_fd(::dup(fd))
    {
        termios raw{};
        if (::tcgetattr(m_fd, &raw) == 0) {
            ::cfmakeraw(&raw);
            ::tcsetattr(m_fd, TCSANOW, &raw);
        }
        moveToThread(&m_thread);
        m_thread.start();
    }

    ~PtyWriter() override
    {
        m_stop = true;
        m_thread.quit();
        m_thread.wait();
        ::close(m_fd);
    }

    void write(const QByteArray &bytes)
    {
        m_waiting += int(bytes.size());
        QMetaObject::invokeMethod(this, [this, bytes] { writeAll(bytes); }, Qt::QueuedConnection);
    }

    int waiting() const { return m_waiting; }

private:
    void writeAll(QByteArray bytes)
    {
        const int size = int(bytes.size());
        while (!bytes.isEmpty() && !m_stop) {
            pollfd slot{m_fd, POLLOUT, 0};
            if (::poll(&slot, 1, PollInterval) <= 0)
                continue;
            const ssize_t done = ::write(m_fd, bytes.constData(), size_t(qMin(bytes.size(), 1024)));
            if (done < 0 && errno != EINTR && errno != EAGAIN)
                break;
            bytes.remove(0, qMax<ssize_t>(done, 0));
        }
        m_waiting -= size;
        QMetaObject::invokeMethod(m_feed, &TerminalFeed::ready, Qt::QueuedConnection);
    }

    TerminalFeed *m_feed;
    int m_fd;
    QThread m_thread;
    std::atomic<int> m_waiting = 0;
    std::atomic<bool> m_stop = false;
};

TerminalFeed::TerminalFeed(QTermWidget *terminal, Konsole::Emulation *emulation)
    : QObject(terminal), m_emulation(emulation)
{
    if (!m_emulation)
        m_writer = std::make_unique<PtyWriter>(this, terminal->getPtySlaveFd());
}

TerminalFeed::~TerminalFeed() = default;

void TerminalFeed::feed(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return;
    if (m_emulation) {
        m_emulation->receiveData(bytes.constData(), int(bytes.size()));
    } else if (m_writer) {
        m_writer->write(bytes);
    }
}

void TerminalFeed::flush()
{
    // A private slot, which its own timers call; without it the text comes 10 ms later.
    if (m_emulation)
        QMetaObject::invokeMethod(m_emulation, "showBulk", Qt::DirectConnection);
}

bool TerminalFeed::isReady() const
{
    return !m_writer || m_writer->waiting() < WriterHighMark;
}

}  // namespace voidrun
