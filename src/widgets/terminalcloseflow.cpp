// SPDX-License-Identifier: MIT
#include "terminalcloseflow.h"

#include "question.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int Patience = 3000;  // ms; then the person is asked
constexpr qsizetype MostNames = 3;
}  // namespace

TerminalCloseFlow *TerminalCloseFlow::startFor(TerminalView *view)
{
    const TerminalSession *session = view->session();
    if (!session->isLive() || session->kind() == TerminalSession::Kind::ReadOnly)
        return nullptr;
    return new TerminalCloseFlow(view);
}

bool TerminalCloseFlow::isUnderWay(const TerminalView *view)
{
    return view->findChild<TerminalCloseFlow *>(Qt::FindDirectChildrenOnly) != nullptr;
}

TerminalCloseFlow::TerminalCloseFlow(TerminalView *view) : QObject(view), m_view(view)
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { question({}); });
    m_patience.start(Patience);
    connect(view->session(), &TerminalSession::programsFound, this,
            [this](const QStringList &names, bool isKnown) {
                if (!m_patience.isActive())
                    return;
                if (!isKnown || !names.isEmpty())
                    return question(names);
                deleteLater();
                Q_EMIT decided(false);
            });
    // Once the caller listens.
    QMetaObject::invokeMethod(view->session(), &TerminalSession::lookForPrograms,
                              Qt::QueuedConnection);
}

void TerminalCloseFlow::question(const QStringList &programs)
{
    m_patience.stop();
    m_view->session()->disconnect(this);
    const bool isTemporary = m_view->session()->kind() == TerminalSession::Kind::Temporary;
    QStringList names;
    for (const QString &name : programs.first(qMin(MostNames, programs.size())))
        names.append(tr("“%1”").arg(name));
    Question question{
        .title = tr("Close terminal"),
        .text = names.isEmpty() ? tr("Something may still be running in this terminal of “%1”.")
                                      .arg(m_view->sandboxName())
                                : tr("Running in this terminal of “%1”: %2")
                                      .arg(m_view->sandboxName(), names.join(u", "_s)),
        .details = isTemporary ? tr("It is a temporary terminal: what runs in it ends with it.")
                               : tr("It can keep running without a tab. You find it again under "
                                    "“Running sessions” in the Terminal menu."),
        .action = tr("End")};
    question.role = QMessageBox::DestructiveRole;
    if (!isTemporary) {
        question.gentlerAction = tr("Keep running");
        question.gentler = [this] { Q_EMIT decided(true); };
    }
    QMessageBox *box = ask(m_view, question, [this] { Q_EMIT decided(false); });
    connect(box, &QDialog::finished, this, &QObject::deleteLater);
}

}  // namespace voidrun
