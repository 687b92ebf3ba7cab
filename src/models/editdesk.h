// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThread>

#include <memory>

#include "editworker.h"

namespace voidrun
{

// The thread in which the files of open edits are read and written, and the way to it. Owned by
// OpenEdits; lives in the GUI thread.
class EditDesk : public QObject
{
    Q_OBJECT

public:
    explicit EditDesk(const QString &root, QObject *parent = nullptr);
    ~EditDesk() override;  // waits (bounded) for what is under way

    // Runs `work(EditWorker *)` there, one after the other, and gives its result to `done` here,
    // while `context` lives.
    template<class Work, class Done>
    void ask(QObject *context, Work work, Done done)
    {
        const auto there = [worker = m_worker.get(), context = QPointer(context),
                            work = std::move(work), done = std::move(done)] {
            auto result = work(worker);
            // Only the thread of the pointer may look at it.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [context, done, result = std::move(result)] {
                    if (context)
                        done(result);
                },
                Qt::QueuedConnection);
        };
        QMetaObject::invokeMethod(m_worker.get(), there, Qt::QueuedConnection);
    }
    template<class Work>
    void tell(Work work)
    {
        QMetaObject::invokeMethod(
            m_worker.get(), [worker = m_worker.get(), work = std::move(work)] { work(worker); },
            Qt::QueuedConnection);
    }

Q_SIGNALS:
    // The copy has this content, and nobody has written to it for a moment.
    void settled(int id, const QByteArray &hash);
    void vanished(int id);

private:
    std::unique_ptr<QThread> m_thread;
    std::unique_ptr<EditWorker> m_worker;  // lives in m_thread
};

}  // namespace voidrun
