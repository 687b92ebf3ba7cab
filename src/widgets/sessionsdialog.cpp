// SPDX-License-Identifier: MIT
#include "sessionsdialog.h"

#include <QHeaderView>
#include <QPushButton>

#include "errortext.h"
#include "icons.h"
#include "models/ptysessionmodel.h"
#include "question.h"
#include "ui_sessionsdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

SessionsDialog::SessionsDialog(PtySessionModel *sessions, const QString &sandboxName,
                               QWidget *parent)
    : QDialog(parent),
      m_ui(std::make_unique<Ui::SessionsDialog>()),
      m_sessions(sessions),
      m_sandboxName(sandboxName)
{
    sessions->setParent(this);
    m_ui->setupUi(this);
    setWindowTitle(tr("Running sessions in “%1”").arg(sandboxName));
    m_ui->sessionView->setModel(sessions);
    m_ui->sessionView->header()->resizeSection(PtySessionModel::StartedColumn,
                                               fontMetrics().horizontalAdvance(u'm') * 16);
    setUpButtons();
    connect(sessions, &PtySessionModel::loadingFinished, this, [this] {
        if (!m_ui->sessionView->currentIndex().isValid())
            m_ui->sessionView->setCurrentIndex(m_sessions->index(0, 0));
        m_ui->problemLabel->showProblem({});
        updateText();
    });
    connect(sessions, &PtySessionModel::loadingFailed, this, [this](const Error &error) {
        m_ui->problemLabel->showProblem(tr("The sessions of “%1” could not be listed. %2")
                                            .arg(m_sandboxName, errorText(error)));
        updateText();
    });
    connect(sessions, &PtySessionModel::endingFailed, this,
            [this](const QString &, const Error &error) {
                m_ui->problemLabel->showProblem(
                    tr("The session could not be ended. %1").arg(errorText(error)));
            });
    connect(sessions, &QAbstractItemModel::rowsRemoved, this, &SessionsDialog::updateText);
    m_ui->problemLabel->showProblem({});
    m_sessions->refresh();
    updateText();
    m_ui->sessionView->setFocus();
}

SessionsDialog::~SessionsDialog() = default;

void SessionsDialog::setUpButtons()
{
    m_ui->attachButton->setIcon(themedIcon(u"terminal"_s));
    m_ui->watchButton->setIcon(themedIcon(u"eye"_s));
    m_ui->endButton->setIcon(themedIcon(u"close"_s));
    m_ui->refreshButton->setIcon(themedIcon(u"refresh"_s));
    const auto choose = [this](auto signal) {
        const QString id = currentId();
        if (id.isEmpty())
            return;
        accept();
        Q_EMIT(this->*signal)(id);
    };
    m_ui->attachButton->setDefault(true);
    connect(m_ui->attachButton, &QPushButton::clicked, this,
            [choose] { choose(&SessionsDialog::attachRequested); });
    connect(m_ui->watchButton, &QPushButton::clicked, this,
            [choose] { choose(&SessionsDialog::watchRequested); });
    connect(m_ui->sessionView, &QAbstractItemView::doubleClicked, this,
            [choose] { choose(&SessionsDialog::attachRequested); });
    connect(m_ui->endButton, &QPushButton::clicked, this, &SessionsDialog::askEnd);
    connect(m_ui->refreshButton, &QPushButton::clicked, m_sessions, &PtySessionModel::refresh);
    connect(m_ui->buttonBox, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ui->sessionView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &SessionsDialog::updateButtons);
}

QString SessionsDialog::currentId() const
{
    return m_ui->sessionView->currentIndex().data(PtySessionModel::IdRole).toString();
}

void SessionsDialog::updateText()
{
    const int count = m_sessions->rowCount();
    QString text;
    if (count > 0)
        text = tr("%n session(s) run in “%1”, also while no tab shows them.", nullptr, count)
                   .arg(m_sandboxName);
    else if (m_sessions->loadState() == PtySessionModel::LoadState::Loading)
        text = tr("Asking “%1”…").arg(m_sandboxName);
    else
        text = tr("No session runs in “%1”.").arg(m_sandboxName);
    m_ui->textLabel->setText(text);
    updateButtons();
}

void SessionsDialog::updateButtons()
{
    const bool any = !currentId().isEmpty();
    for (QPushButton *button : {m_ui->attachButton, m_ui->watchButton, m_ui->endButton})
        button->setEnabled(any);
}

void SessionsDialog::askEnd()
{
    const QString id = currentId();
    if (id.isEmpty())
        return;
    ask(this,
        {.title = tr("End session"),
         .text = tr("End this session in “%1”?").arg(m_sandboxName),
         .details = tr("The programs in it end too, whoever is using them."),
         .action = tr("End"),
         .role = QMessageBox::DestructiveRole},
        [this, id] { m_sessions->end(id); });
}

}  // namespace voidrun
