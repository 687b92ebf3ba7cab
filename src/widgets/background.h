// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace voidrun
{

// Does `work` in another thread and gives its result to `done` here, while `context` lives.
template<class Work, class Done>
void inBackground(QObject *context, Work work, Done done)
{
    QThreadPool::globalInstance()->start(
        [context = QPointer(context), work = std::move(work), done = std::move(done)] {
            auto result = work();
            // Only the thread of the pointer may look at it.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [context, done, result = std::move(result)] {
                    if (context)
                        done(result);
                },
                Qt::QueuedConnection);
        });
}

}  // namespace voidrun
