// SPDX-License-Identifier: MIT
#include "fanoutdialog.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSortFilterProxyModel>
#include <QTextBlock>
#include <QTimer>
#include <QVBoxLayout>

#include "calmstyle.h"
#include "models/connection.h"
#include "models/fanout.h"
#include "models/linediff.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "question.h"
#include "runtext.h"
#include "ui_fanoutdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int MostColumns = 6;  // side by side
constexpr qsizetype LongestTitle = 120;
constexpr int LeastWidth = 16;  // em of a column

class OutcomeProxy : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role) const override
    {
        const auto *model = static_cast<const FanOut *>(sourceModel());
        const FanOut::Answer &answer = model->answer(mapToSource(index).row());
        const bool isEnded = answer.state == FanOut::State::Ended;
        if (role == Qt::DisplayRole && index.column() == FanOut::OutcomeColumn && isEnded)
            return QString(outcomeTitle(answer.outcome) % u" · "_s % outcomeFacts(answer.outcome));
        if (role == Qt::ToolTipRole && isEnded)
            return outcomeText(answer.outcome);
        return QSortFilterProxyModel::data(index, role);
    }
};

void addLine(QPlainTextEdit *view, const QString &text, const QColor &ground)
{
    QTextBlockFormat format;
    if (ground.isValid())
        format.setBackground(ground);
    QTextCursor cursor(view->document());
    cursor.movePosition(QTextCursor::End);
    if (!view->document()->isEmpty())
        cursor.insertBlock(format);
    else
        cursor.setBlockFormat(format);
    cursor.insertText(text);
}

}  // namespace

FanOutDialog::FanOutDialog(Connection *connection, const RunRequest &request, QWidget *parent)
    : QDialog(parent),
      m_ui(std::make_unique<Ui::FanOutDialog>()),
      m_connection(connection),
      m_request(request),
      m_model(std::make_unique<FanOut>(connection->runs()))
{
    m_ui->setupUi(this);
    const QString first = visibleText(request.text.trimmed().section(u'\n', 0, 0));
    m_ui->textLabel->setText(tr("%1: %2").arg(runKindText(request), first.left(LongestTitle)));
    auto *proxy = new OutcomeProxy(this);
    proxy->setSourceModel(m_model.get());
    m_ui->answerView->setModel(proxy);
    const int em = fontMetrics().horizontalAdvance(u'm');
    m_ui->answerView->header()->resizeSection(FanOut::SandboxColumn, 9 * em);
    m_ui->answerView->header()->resizeSection(FanOut::AnswerColumn, 5 * em);
    m_ui->splitter->setSizes({34 * em, 60 * em});
    m_ui->splitter->setStretchFactor(1, 1);
    connect(m_ui->runButton, &QPushButton::clicked, this, &FanOutDialog::run);
    connect(m_ui->stopButton, &QPushButton::clicked, m_model.get(), &FanOut::stopAll);
    connect(m_ui->closeButton, &QPushButton::clicked, this, [this] { reject(); });
    connect(m_ui->answerView->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (m_model->groupCount() > MostColumns)
            showAnswers();
        QTimer::singleShot(0, this, &FanOutDialog::showChosen);  // once they have their places
    });
    connect(m_ui->choiceList, &QListWidget::itemChanged, this, &FanOutDialog::updateState);
    connect(m_model.get(), &FanOut::changed, this, [this] {
        showAnswers();
        updateState();
    });
    connect(m_model.get(), &FanOut::finished, this, [this] {
        if (m_isClosing)
            QDialog::reject();
    });
    connect(connection, &QObject::destroyed, this, [this] { QDialog::reject(); });
    fillChoice();
    updateState();
}

FanOutDialog::~FanOutDialog() = default;

void FanOutDialog::fillChoice()
{
    const SandboxModel *sandboxes = m_connection->sandboxes();
    for (int row = 0; row < sandboxes->rowCount(); ++row) {
        const auto sandbox =
            sandboxes->index(row, 0).data(SandboxModel::SandboxRole).value<Sandbox>();
        if (sandbox.isGone())
            continue;
        const QString name = visibleText(sandbox.name);
        auto *item = new QListWidgetItem(
            sandbox.isAsleep() ? tr("%1 (asleep; it is woken)").arg(name) : name, m_ui->choiceList);
        item->setData(Qt::UserRole, sandbox.id);
        item->setData(Qt::UserRole + 1, sandbox.name);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        // Nothing is woken that nobody chose.
        const bool isChosen = sandbox.isRunning() || sandbox.id == m_request.sandboxId;
        item->setCheckState(isChosen ? Qt::Checked : Qt::Unchecked);
    }
}

void FanOutDialog::run()
{
    if (m_model->rowCount() > 0 && m_ui->stack->currentWidget() == m_ui->answerView) {
        m_ui->stack->setCurrentWidget(m_ui->choiceList);  // another choice
        return updateState();
    }
    QList<std::pair<QString, QString>> chosen;
    for (int row = 0; row < m_ui->choiceList->count(); ++row) {
        const QListWidgetItem *item = m_ui->choiceList->item(row);
        if (item->checkState() == Qt::Checked)
            chosen.append(
                {item->data(Qt::UserRole).toString(), item->data(Qt::UserRole + 1).toString()});
    }
    m_ui->stack->setCurrentWidget(m_ui->answerView);
    m_model->start(m_request, chosen);
}

void FanOutDialog::reject()
{
    if (!m_model->isRunning())
        return QDialog::reject();
    ask(this,
        {.title = tr("Run in several sandboxes"),
         .text = tr("It has not ended in all sandboxes. Stop all and close?"),
         .details = tr("Where it waits for its turn, it does not begin."),
         .action = tr("Stop all and close")},
        [this] {
            m_isClosing = true;
            m_model->stopAll();
            if (!m_model->isRunning())
                QDialog::reject();
        });
}

void FanOutDialog::updateState()
{
    const bool isChoice = m_ui->stack->currentWidget() == m_ui->choiceList;
    const bool runs = m_model->isRunning();
    int chosen = 0;
    for (int row = 0; row < m_ui->choiceList->count(); ++row)
        chosen += m_ui->choiceList->item(row)->checkState() == Qt::Checked ? 1 : 0;
    m_ui->runButton->setText(isChoice ? tr("&Run") : tr("&Choose again"));
    m_ui->runButton->setEnabled(isChoice ? chosen > 0 && !runs : !runs);
    m_ui->stopButton->setEnabled(runs);
    if (isChoice)
        m_ui->summaryLabel->setText(tr("%n sandbox(es) chosen", nullptr, chosen));
    else if (runs)
        m_ui->summaryLabel->setText(tr("Running in %n sandbox(es)…", nullptr, m_model->rowCount()));
    else
        m_ui->summaryLabel->setText(summary());
}

QString FanOutDialog::summary() const
{
    const int count = m_model->groupCount();
    if (count == 1)
        return tr("All answers are the same.");
    const QString text =
        tr("%n different answer(s); lines that are not in A are marked with “+”, those that are "
           "missing with “−”.",
           nullptr, count);
    return count > MostColumns
               ? tr("%1 Choose a sandbox in the list to see its answer at the right.").arg(text)
               : text;
}

// The most frequent ones, and the one of the chosen sandbox.
QList<int> FanOutDialog::shownGroups() const
{
    QList<int> groups;
    for (int group = 0; group < qMin(m_model->groupCount(), MostColumns); ++group)
        groups.append(group);
    const QModelIndex current = m_ui->answerView->currentIndex();
    const int chosen = current.isValid() ? m_model->answer(current.row()).group : -1;
    if (chosen >= MostColumns)
        groups.last() = chosen;
    return groups;
}

void FanOutDialog::showAnswers()
{
    while (m_ui->columns->count() > 0)
        delete m_ui->columns->widget(0);
    for (const int group : shownGroups())
        m_ui->columns->addWidget(makeColumn(group));
}

void FanOutDialog::showChosen()
{
    const QModelIndex current = m_ui->answerView->currentIndex();
    const int group = current.isValid() ? m_model->answer(current.row()).group : -1;
    const auto place = shownGroups().indexOf(group);
    if (QWidget *column = m_ui->columns->widget(int(place)))
        m_ui->columnArea->ensureWidgetVisible(column, 0, 0);
}

QWidget *FanOutDialog::makeColumn(int group)
{
    auto *column = new QWidget;
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins({});
    QStringList names;
    for (const int row : m_model->rowsOf(group))
        names.append(visibleText(m_model->answer(row).sandboxName));
    const FanOut::Answer &first = m_model->answer(m_model->rowsOf(group).first());
    auto *title = new QLabel(tr("%1 · %2").arg(FanOut::letter(group), outcomeTitle(first.outcome)));
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    auto *who = new QLabel(names.join(u", "_s).left(LongestTitle));
    who->setForegroundRole(QPalette::PlaceholderText);
    auto *view = new QPlainTextEdit;
    for (QLabel *label : {title, who}) {
        label->setTextFormat(Qt::PlainText);
        label->setMinimumWidth(0);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        layout->addWidget(label);
    }
    who->setToolTip(names.join(u", "_s));
    view->setReadOnly(true);
    view->setMinimumWidth(LeastWidth * fontMetrics().horizontalAdvance(u'm'));
    view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    view->setAccessibleName(tr("Answer %1 of %2").arg(FanOut::letter(group), names.join(u", "_s)));
    layout->addWidget(view);
    fillColumn(view, group);
    return column;
}

void FanOutDialog::fillColumn(QPlainTextEdit *view, int group)
{
    const FanOut::Answer &answer = m_model->answer(m_model->rowsOf(group).first());
    const FanOut::Answer &first = m_model->answer(m_model->rowsOf(0).first());
    const QString text = answer.text;
    const QString reference = first.text;
    const bool isLater = group > 0 && text == reference && answer.digest != first.digest;
    if (isLater && (answer.isCut || first.isCut)) {
        view->setPlainText(
            tr("As A as far as it is shown (20,000 lines); what comes after that is "
               "another."));
        return;
    }
    if (group == 0 || isLater) {
        view->setPlainText(text);
        if (answer.isCut)
            view->appendPlainText(tr("… (more is not shown here)"));
        return;
    }
    const QColor base = palette().color(QPalette::Base);
    const QColor added = mixed(QColor(0x1f, 0x9d, 0x4d), base, 0.22);
    const QColor removed = mixed(QColor(0xc0, 0x3a, 0x3a), base, 0.22);
    const QList<DiffLine> lines = lineDiff(reference, text);
    for (const DiffLine &line : lines) {
        if (line.kind == DiffLine::Kind::Gap)
            addLine(view, tr("  … %n line(s) as in A", nullptr, line.count), {});
        else if (line.kind == DiffLine::Kind::Added)
            addLine(view, u"+ "_s + line.text, added);
        else if (line.kind == DiffLine::Kind::Removed)
            addLine(view, u"− "_s + line.text, removed);
        else
            addLine(view, u"  "_s + line.text, {});
    }
    if (lines.isEmpty())
        view->setPlainText(text);
    view->moveCursor(QTextCursor::Start);
}

}  // namespace voidrun
