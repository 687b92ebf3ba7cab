// SPDX-License-Identifier: MIT
#include "runpanel.h"

#include <QShortcut>

#include "errortext.h"
#include "fanoutdialog.h"
#include "folderdialog.h"
#include "icons.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/outputlog.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "outputpanel.h"
#include "runhistorypanel.h"
#include "runtext.h"
#include "ui_runpanel.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

enum Kind { CommandKind = -1, UnknownKind = -2 };

// As the list of kinds has it.
int kindOf(const RunRequest &request)
{
    if (!request.isCode)
        return CommandKind;
    switch (request.language) {
        case Language::Node:
            return int(Language::JavaScript);
        case Language::Sh:
            return int(Language::Bash);
        default:
            return isKnown(request.language) ? int(request.language) : UnknownKind;
    }
}
constexpr int InstallTime = 300;  // s
constexpr auto ClockEvery = 200ms;

// The editor colours by the name of a file.
QString fileNameOf(int kind)
{
    switch (Language(kind)) {
        case Language::Python:
            return u"a.py"_s;
        case Language::JavaScript:
            return u"a.js"_s;
        case Language::TypeScript:
            return u"a.ts"_s;
        default:
            return u"a.sh"_s;
    }
}

}  // namespace

RunPanel::RunPanel(Connection *connection, const QString &sandboxId, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::RunPanel>()),
      m_connection(connection),
      m_connectionId(connection->profile().id),
      m_sandboxId(sandboxId)
{
    m_ui->setupUi(this);
    setUpFields();
    connectButtons();
    m_clock.setInterval(ClockEvery);
    connect(&m_clock, &QTimer::timeout, this, &RunPanel::updateState);
    updateState();
}

RunPanel::~RunPanel() = default;

bool RunPanel::leaveConnection()
{
    m_ui->historyButton->setChecked(false);
    delete m_history;
    m_history = nullptr;
    qDeleteAll(findChildren<FanOutDialog *>());
    if (m_job)
        m_job->abandon();
    if (m_job && m_connection)
        m_connection->runs()->giveAway(m_job, this);
    m_connection.clear();
    updateState();
    return m_job;
}

void RunPanel::adopt(Connection *connection)
{
    if (m_connection || connection->profile().id != m_connectionId)
        return;
    m_connection = connection;
    if (m_job)
        connection->adopt(m_job);
    updateState();
}

OutputPanel *RunPanel::outputPanel() const
{
    return m_ui->outputPanel;
}

void RunPanel::setUpFields()
{
    m_ui->kindBox->addItem(tr("Command"), CommandKind);
    for (const Language language :
         {Language::Python, Language::JavaScript, Language::TypeScript, Language::Bash}) {
        RunRequest request;
        request.isCode = true;
        request.language = language;
        m_ui->kindBox->addItem(runKindText(request), int(language));
    }
    m_ui->folderEdit->setText(QString(guestpath::WorkFolder));
    m_ui->folderEdit->setMinimumWidth(5 * fontMetrics().horizontalAdvance(u'm'));
    m_ui->folderButton->setIcon(themedIcon(u"folder"_s));
    m_ui->environmentTable->hide();
    m_ui->runButton->setIcon(themedIcon(u"play"_s));
    m_ui->stopButton->setIcon(themedIcon(u"stop"_s));
    m_ui->statusLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->statusLabel->setMinimumWidth(1);  // it may be cut where a window is narrow
    m_ui->resultCard->hide();
    const int line = m_ui->editor->fontMetrics().lineSpacing();
    m_ui->editor->setMinimumHeight(3 * line);
    m_ui->splitter->setSizes({7 * line, 20 * line});
    m_ui->splitter->setStretchFactor(1, 1);
    setFocusProxy(m_ui->editor);
    followKind();
}

void RunPanel::connectButtons()
{
    connect(m_ui->runButton, &QPushButton::clicked, this, &RunPanel::runFields);
    connect(m_ui->stopButton, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->stop();
    });
    connect(m_ui->backgroundButton, &QPushButton::clicked, this,
            [this] { Q_EMIT backgroundRequested(request()); });
    connect(m_ui->severalButton, &QPushButton::clicked, this, &RunPanel::runInSeveral);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto *run = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        run->setContext(Qt::WidgetWithChildrenShortcut);
        connect(run, &QShortcut::activated, this, &RunPanel::runFields);
    }
    connect(m_ui->kindBox, &QComboBox::currentIndexChanged, this, &RunPanel::followKind);
    connect(m_ui->folderButton, &QToolButton::clicked, this, &RunPanel::askFolder);
    connect(m_ui->historyButton, &QToolButton::toggled, this, &RunPanel::showHistory);
    connect(m_ui->environmentButton, &QToolButton::toggled, m_ui->environmentTable,
            &QWidget::setVisible);
    connect(m_ui->environmentTable, &EnvironmentTable::changed, this, [this] {
        const auto count = m_ui->environmentTable->variables().size();
        m_ui->environmentButton->setText(count == 0 ? tr("Environment")
                                                    : tr("Environment (%1)").arg(count));
        m_ui->environmentProblem->showProblem({});
    });
    connect(m_ui->editor, &QPlainTextEdit::textChanged, m_ui->textProblem, [this] {
        if (!m_ui->editor->isReadOnly())  // else a long text is appearing
            m_ui->textProblem->showProblem({});
    });
    connect(m_ui->folderEdit, &QLineEdit::textChanged, m_ui->folderProblem,
            [this] { m_ui->folderProblem->showProblem({}); });
    connect(m_ui->timeBox, &QSpinBox::valueChanged, m_ui->timeProblem,
            [this] { m_ui->timeProblem->showProblem({}); });
    connect(m_ui->resultCard, &ResultCard::againRequested, this, [this] {
        if (m_last)
            run(*m_last);
    });
    connect(m_ui->resultCard, &ResultCard::installRequested, this, &RunPanel::install);
    connect(m_ui->resultCard, &ResultCard::lookRequested, this, [this] {
        if (m_job)
            m_job->lookForIt();
    });
    connect(m_ui->outputPanel, &OutputPanel::notice, this, &RunPanel::notice);
    connect(m_ui->outputPanel, &OutputPanel::problem, this, &RunPanel::problem);
}

void RunPanel::focusEditor()
{
    m_ui->editor->setFocus();
}

void RunPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    updateState();
}

int RunPanel::currentKind() const
{
    const QVariant kind = m_ui->kindBox->currentData();
    return kind.isValid() ? kind.toInt() : int(UnknownKind);
}

void RunPanel::followKind()
{
    const int kind = currentKind();
    const bool isCommand = kind == CommandKind;
    m_ui->backgroundButton->setVisible(isCommand);
    // Tab leaves a command; in code it indents, and Shift+Tab leaves.
    m_ui->editor->setTabChangesFocus(isCommand);
    m_ui->editor->setPlaceholderText(isCommand ? tr("A command, such as: ls -l")
                                               : tr("Code to run in the sandbox"));
    m_ui->editor->showText(m_ui->editor->wholeText(), fileNameOf(kind));
    m_ui->textProblem->showProblem({});
}

RunRequest RunPanel::request() const
{
    m_ui->environmentTable->commit();
    RunRequest request;
    request.sandboxId = m_sandboxId;
    request.sandboxName = sandboxName();
    const int kind = currentKind();
    request.isCode = kind != CommandKind;
    if (request.isCode)
        request.language = Language(kind);
    request.text = m_ui->editor->wholeText();
    request.folder = m_ui->folderEdit->text().trimmed();
    request.environment = m_ui->environmentTable->variables();
    request.unkept = m_ui->environmentTable->unkept();
    request.timeout = m_ui->timeBox->value();
    return request;
}

void RunPanel::setRequest(const RunRequest &request)
{
    const int kind = kindOf(request);
    m_ui->kindBox->setCurrentIndex(m_ui->kindBox->findData(kind));  // -1: to be chosen
    m_ui->editor->showText(request.text, fileNameOf(kind));
    m_ui->folderEdit->setText(request.folder);
    m_ui->timeBox->setValue(request.timeout);
    m_ui->environmentTable->setVariables(request.environment, request.unkept);
    clearProblems();
}

void RunPanel::edit(const RunRequest &request)
{
    setRequest(request);
    const bool hasUnkept = !request.unkept.isEmpty();
    m_ui->environmentButton->setChecked(hasUnkept);
    hasUnkept ? m_ui->environmentTable->setFocus() : focusEditor();
}

void RunPanel::run(const RunRequest &request)
{
    if (m_job && m_job->isLive()) {
        Q_EMIT problem(tr("Something runs here already. Stop it first, or wait until it ends."));
        return;
    }
    setRequest(request);
    RunRequest wanted = request;
    wanted.sandboxId = m_sandboxId;
    wanted.sandboxName = sandboxName();
    start(wanted);
}

void RunPanel::runFields()
{
    start(request());
}

void RunPanel::start(const RunRequest &request)
{
    if (!m_connection || (m_job && m_job->state() != RunJob::State::Ended))
        return;
    if (showProblem(problemOf(request)))
        return;
    m_wakes = isAsleep();
    m_wasWoken = m_wakes;
    m_last = request;
    showJob(m_connection->runs()->start(request));
}

void RunPanel::showJob(RunJob *job)
{
    if (m_job) {
        m_job->disconnect(this);
        m_job->output()->disconnect(this);
        if (m_job->parent() == this)  // of a connection that is gone
            m_job->deleteLater();
    }
    m_job = job;
    m_ui->outputPanel->setLog(job->output());
    m_ui->resultCard->hide();
    connect(job, &RunJob::stateChanged, this, &RunPanel::updateState);
    connect(job, &RunJob::ended, this, &RunPanel::takeEnd);
    connect(job, &RunJob::lookedFor, m_ui->resultCard, &ResultCard::showLook);
    connect(job->output(), &OutputLog::grown, this, [this] { m_wakes = false; });
    if (job->state() == RunJob::State::Ended)
        takeEnd();
    updateState();
}

void RunPanel::takeEnd()
{
    const RunOutcome &outcome = m_job->outcome();
    m_wakes = false;
    if (m_connection)
        m_connection->sandboxes()->refresh();  // the list says that it is awake
    if (outcome.kind == RunOutcome::Kind::NoFolder)
        m_ui->folderProblem->showProblem(tr("There is no folder “%1” in the sandbox.")
                                             .arg(visibleText(m_job->request().folder)));
    m_ui->resultCard->showOutcome(m_job->request(), outcome);
    m_ui->resultCard->show();
    updateState();
}

bool RunPanel::showProblem(RunProblem problem)
{
    clearProblems();
    const QString sentence = problemText(problem);
    switch (problem) {
        case RunProblem::None:
            return false;
        case RunProblem::RelativeFolder:
            m_ui->folderProblem->showProblem(sentence);
            m_ui->folderEdit->setFocus();
            break;
        case RunProblem::TimeRange:
            m_ui->timeProblem->showProblem(sentence);
            m_ui->timeBox->setFocus();
            break;
        case RunProblem::BadName:
            m_ui->environmentButton->setChecked(true);
            m_ui->environmentProblem->showProblem(sentence);
            m_ui->environmentTable->setFocus();
            break;
        case RunProblem::UnknownLanguage:
            m_ui->textProblem->showProblem(sentence);
            m_ui->kindBox->setFocus();
            break;
        default:
            m_ui->textProblem->showProblem(sentence);
            m_ui->editor->setFocus();
    }
    return true;
}

void RunPanel::runInSeveral()
{
    if (!m_connection || showProblem(problemOf(request())))
        return;
    auto *dialog = new FanOutDialog(m_connection, request(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void RunPanel::clearProblems()
{
    for (ProblemLabel *label :
         {m_ui->textProblem, m_ui->folderProblem, m_ui->timeProblem, m_ui->environmentProblem})
        label->showProblem({});
}

void RunPanel::askFolder()
{
    if (!m_connection)
        return;
    auto *dialog = new FolderDialog(m_connection->createFsModel(m_sandboxId, nullptr),
                                    m_ui->folderEdit->text(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &FolderDialog::folderChosen, m_ui->folderEdit, &QLineEdit::setText);
    dialog->open();
}

void RunPanel::showHistory(bool shown)
{
    if (shown && !m_history && m_connection) {
        m_history = new RunHistoryPanel(m_connection);
        m_ui->wideSplitter->addWidget(m_history);
        const int width = m_ui->wideSplitter->width();
        m_ui->wideSplitter->setSizes({width * 3 / 5, width * 2 / 5});
        connect(m_history, &RunHistoryPanel::editRequested, this, [this](const RunRequest &past) {
            past.sandboxId == m_sandboxId ? edit(past) : Q_EMIT editElsewhereRequested(past);
        });
        connect(m_history, &RunHistoryPanel::runRequested, this, [this](const RunRequest &past) {
            past.sandboxId == m_sandboxId ? run(past) : Q_EMIT runElsewhereRequested(past);
        });
        connect(m_history, &RunHistoryPanel::notice, this, &RunPanel::notice);
    }
    if (m_history)
        m_history->setVisible(shown);
}

// What was run stays in the fields, and is what is run again.
void RunPanel::install(const QString &line)
{
    if (!m_connection || (m_job && m_job->isLive()))
        return;
    RunRequest request;
    request.sandboxId = m_sandboxId;
    request.sandboxName = sandboxName();
    request.text = line;
    request.timeout = InstallTime;
    showJob(m_connection->runs()->start(request));
}

QString RunPanel::sandboxName() const
{
    const auto sandbox =
        m_connection ? m_connection->sandboxes()->sandbox(m_sandboxId) : std::optional<Sandbox>();
    return sandbox ? sandbox->name : QString();
}

bool RunPanel::isAsleep() const
{
    const auto sandbox =
        m_connection ? m_connection->sandboxes()->sandbox(m_sandboxId) : std::optional<Sandbox>();
    return sandbox && sandbox->isAsleep();
}

void RunPanel::updateState()
{
    const bool isLive = m_job && m_job->state() != RunJob::State::Ended;
    const bool isStopping = m_job && m_job->state() == RunJob::State::Stopping;
    m_ui->runButton->setEnabled(m_connection && !isLive);
    m_ui->stopButton->setEnabled(isLive && !isStopping);
    if (isLive != m_clock.isActive())
        isLive ? m_clock.start() : m_clock.stop();
    QString status;
    if (isStopping)
        status = tr("Stopping…");
    else if (isLive && m_wakes)
        status = tr("Waking “%1”…").arg(visibleText(sandboxName()));
    else if (isLive)
        status = tr("Running · %1").arg(milliseconds(m_job->elapsed()));
    else if (m_wasWoken)
        status = tr("“%1” was asleep and was woken for this.").arg(visibleText(sandboxName()));
    else if (!m_job && isAsleep())
        status = tr("“%1” is asleep. Running something wakes it.").arg(visibleText(sandboxName()));
    else
        status = tr("Ctrl+Enter runs it.");
    m_ui->statusLabel->setText(status);
    m_ui->statusLabel->setToolTip(status);
}

}  // namespace voidrun
