// SPDX-License-Identifier: MIT
#include "outputpanel.h"

#include <QFileDialog>
#include <QKeyEvent>
#include <QLocale>
#include <QShortcut>
#include <QStandardPaths>

#include "errortext.h"
#include "icons.h"
#include "models/outputlog.h"
#include "outputview.h"
#include "ui_outputpanel.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{
constexpr auto CountEvery = 100ms;
}

OutputPanel::OutputPanel(QWidget *parent)
    : QWidget(parent), m_ui(std::make_unique<Ui::OutputPanel>())
{
    m_ui->setupUi(this);
    setFocusProxy(m_ui->outputView);
    m_ui->countLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->foundLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->previousButton->setIcon(themedIcon(u"up"_s));
    m_ui->nextButton->setIcon(themedIcon(u"down"_s));
    m_ui->searchEdit->installEventFilter(this);
    connect(m_ui->searchEdit, &QLineEdit::textChanged, this, [this] { search(true, true); });
    connect(m_ui->nextButton, &QToolButton::clicked, this, [this] { search(true, false); });
    connect(m_ui->previousButton, &QToolButton::clicked, this, [this] { search(false, false); });
    connect(m_ui->wrapButton, &QToolButton::toggled, m_ui->outputView, &OutputView::setWrapped);
    connect(m_ui->copyButton, &QToolButton::clicked, m_ui->outputView, &OutputView::copySelection);
    connect(m_ui->saveButton, &QToolButton::clicked, this, &OutputPanel::askSave);
    connect(m_ui->outputView, &OutputView::found, this, [this](qint64 line) {
        m_ui->foundLabel->setText(line < 0 ? tr("Not found")
                                           : tr("Line %1").arg(QLocale().toString(line + 1)));
    });
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_ui->searchEdit, [this] {
        m_ui->searchEdit->setFocus();
        m_ui->searchEdit->selectAll();
    });
    m_timer.setSingleShot(true);
    m_timer.setInterval(CountEvery);
    connect(&m_timer, &QTimer::timeout, this, &OutputPanel::updateBar);
    updateBar();
}

OutputPanel::~OutputPanel() = default;

OutputView *OutputPanel::view() const
{
    return m_ui->outputView;
}

void OutputPanel::setLog(OutputLog *log)
{
    if (m_log)
        m_log->disconnect(this);
    m_log = log;
    m_ui->outputView->setLog(log);
    m_ui->foundLabel->clear();
    if (log) {
        connect(log, &OutputLog::grown, this, [this] {
            if (!m_timer.isActive())
                m_timer.start();
        });
        connect(log, &OutputLog::failed, this, [this](const Error &error) {
            Q_EMIT problem(tr("The output does not fit on this computer's disk any more; what "
                              "follows is kept only in part. %1")
                               .arg(errorText(error)));
        });
    }
    updateBar();
}

void OutputPanel::updateBar()
{
    const bool any = m_log && m_log->size() > 0;
    m_ui->countLabel->setText(any ? tr("%1 · errors are marked with “!”")
                                        .arg(tr("%n line(s)", nullptr, int(m_log->lineCount())))
                                  : QString());
    for (QWidget *widget :
         {static_cast<QWidget *>(m_ui->copyButton), static_cast<QWidget *>(m_ui->saveButton),
          static_cast<QWidget *>(m_ui->nextButton), static_cast<QWidget *>(m_ui->previousButton)})
        widget->setEnabled(any);
}

void OutputPanel::search(bool forward, bool fromHere)
{
    m_ui->foundLabel->clear();
    m_ui->outputView->search(m_ui->searchEdit->text(), forward, fromHere);
}

bool OutputPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_ui->searchEdit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            search(!(key->modifiers() & Qt::ShiftModifier), false);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void OutputPanel::askSave()
{
    auto *dialog = new QFileDialog(this, tr("Save the output"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DownloadLocation));
    dialog->selectFile(u"output.txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &OutputPanel::saveTo);
    dialog->open();
}

void OutputPanel::saveTo(const QString &path)
{
    if (!m_log)
        return;
    m_log->save(path, this, [this, path](const Result<bool> &saved) {
        if (saved)
            Q_EMIT notice(tr("The output is saved in “%1”.").arg(path));
        else
            Q_EMIT problem(tr("The output could not be saved. %1").arg(errorText(saved.error())));
    });
}

}  // namespace voidrun
