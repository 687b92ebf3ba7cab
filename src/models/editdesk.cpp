// SPDX-License-Identifier: MIT
#include "editdesk.h"

namespace voidrun
{

EditDesk::EditDesk(const QString &root, QObject *parent)
    : QObject(parent),
      m_thread(std::make_unique<QThread>()),
      m_worker(std::make_unique<EditWorker>(root))
{
    m_thread->setObjectName(QStringLiteral("edits"));
    m_worker->moveToThread(m_thread.get());
    connect(m_worker.get(), &EditWorker::settled, this, &EditDesk::settled);
    connect(m_worker.get(), &EditWorker::vanished, this, &EditDesk::vanished);
    m_thread->start();
}

EditDesk::~EditDesk()
{
    constexpr int Patience = 5000;  // ms; a local file system that hangs must not hold us
    // Its timers and watches belong to its thread, and so does their end.
    QMetaObject::invokeMethod(
        m_worker.get(),
        [worker = m_worker.get(), thread = m_thread.get()] {
            worker->shutDown();
            thread->quit();
        },
        Qt::QueuedConnection);
    if (m_thread->wait(Patience))
        return;
    m_worker->disconnect(this);
    std::ignore = m_worker.release();
    std::ignore = m_thread.release();
}

}  // namespace voidrun
