// SPDX-License-Identifier: MIT
#include "differencedialog.h"

#include <QFontDatabase>
#include <QInputDialog>
#include <QLocale>
#include <QPushButton>
#include <QTextBlock>

#include "calmstyle.h"
#include "errortext.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/openedits.h"
#include "models/visibletext.h"
#include "ui_differencedialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype MostLines = 5000;    // shown
constexpr qsizetype LongestLine = 1000;  // characters of a line that are shown
constexpr int Margin = 8;                // logical pixels around the text

QString sideText(const QString &who, const RemoteFile &file)
{
    return DifferenceDialog::tr("%1: %2, %3")
        .arg(who, QLocale().formattedDataSize(file.size),
             QLocale().toString(file.modified.toLocalTime(), QLocale::ShortFormat));
}

QString lineText(const DiffLine &line, int digits)
{
    const auto number = [digits](int value) {
        return value == 0 ? QString(digits, u' ') : QString::number(value).rightJustified(digits);
    };
    if (line.kind == DiffLine::Kind::Gap)
        return QString(2 * digits + 2, u' ') +
               DifferenceDialog::tr("  … %n line(s) the same", nullptr, line.count);
    const QString mark = line.kind == DiffLine::Kind::Added     ? u"+ "_s
                         : line.kind == DiffLine::Kind::Removed ? u"− "_s
                                                                : u"  "_s;
    QString text =
        visibleText(line.text.first(qMin(LongestLine, line.text.size())).replace(u'\t', u"    "_s));
    if (line.text.size() > LongestLine)
        text += u'…';
    return number(line.oldLine) + u' ' + number(line.newLine) + u' ' + mark + text;
}

}  // namespace

DifferenceDialog::DifferenceDialog(OpenEdits *edits, int id, QWidget *parent)
    : QDialog(parent),
      m_ui(std::make_unique<Ui::DifferenceDialog>()),
      m_edits(edits),
      m_id(id),
      m_asks(edits->edit(id)->state == OpenEdit::State::Conflict)
{
    m_ui->setupUi(this);
    m_ui->differenceView->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_ui->differenceView->document()->setDocumentMargin(Margin);
    const OpenEdit *edit = m_edits->edit(id);
    const QString name = visibleText(guestpath::fileName(edit->path));
    setWindowTitle(m_asks ? tr("“%1” was changed twice").arg(name)
                          : tr("Difference of “%1”").arg(name));
    if (m_asks)
        setUpAnswers();
    m_ui->questionLabel->setVisible(m_asks);
    m_ui->detailLabel->setVisible(m_asks);
    connect(m_ui->buttonBox->addButton(m_asks ? tr("Decide later") : tr("Close"),
                                       QDialogButtonBox::RejectRole),
            &QPushButton::clicked, this, &QDialog::reject);
    for (QAbstractButton *button : m_ui->buttonBox->buttons())
        qobject_cast<QPushButton *>(button)->setAutoDefault(false);
    connect(edits, &QAbstractItemModel::dataChanged, this, &DifferenceDialog::leaveIfOver);
    connect(edits, &QAbstractItemModel::rowsRemoved, this, &DifferenceDialog::leaveIfOver);
    compare();
}

DifferenceDialog::~DifferenceDialog() = default;

void DifferenceDialog::setUpAnswers()
{
    const OpenEdit *edit = m_edits->edit(m_id);
    const QString name = visibleText(edit->path);
    const QString sandbox = visibleText(edit->sandboxName);
    const auto answer = [this](const QString &text, QDialogButtonBox::ButtonRole role, auto run) {
        QPushButton *button = m_ui->buttonBox->addButton(text, role);
        connect(button, &QPushButton::clicked, this, run);
        return button;
    };
    if (edit->theirs.exists) {
        m_ui->questionLabel->setText(
            tr("“%1” was changed in “%2” since you opened it. Which one shall be kept?")
                .arg(name, sandbox));
        m_ui->detailLabel->setText(sideText(tr("In the sandbox now"), edit->theirs));
        answer(tr("Keep mine"), QDialogButtonBox::DestructiveRole, [this] {
            m_edits->keepMine(m_id);
        })->setToolTip(tr("Replaces the sandbox's file with your copy"));
        answer(tr("Keep theirs"), QDialogButtonBox::DestructiveRole, [this] {
            m_edits->keepTheirs(m_id);
        })->setToolTip(tr("Replaces your copy with the sandbox's file"));
    } else {
        m_ui->questionLabel->setText(
            tr("“%1” was deleted in “%2” since you opened it.").arg(name, sandbox));
        m_ui->detailLabel->setText(tr("Your copy is still here."));
        answer(tr("Save mine again"), QDialogButtonBox::AcceptRole,
               [this] { m_edits->keepMine(m_id); });
        answer(tr("Drop mine"), QDialogButtonBox::DestructiveRole, [this] {
            m_edits->keepTheirs(m_id);
        })->setToolTip(tr("Removes your copy and stops editing"));
    }
    answer(tr("Save mine as…"), QDialogButtonBox::AcceptRole, [this] {
        askName();
    })->setToolTip(tr("Keeps both: your copy becomes another file beside it"));
}

void DifferenceDialog::compare()
{
    EditComparison *comparison = m_edits->createComparison(m_id, this);
    if (!comparison)
        return showSentence(tr("The difference cannot be shown: the connection is not open."));
    showSentence(tr("Comparing…"));
    connect(comparison, &EditComparison::finished, this, &DifferenceDialog::showResult);
    connect(comparison, &EditComparison::failed, this, [this](const Error &error) {
        showSentence(tr("The difference cannot be shown. %1").arg(errorText(error)));
    });
    comparison->start();
}

void DifferenceDialog::showResult(const EditComparison::Result &result)
{
    m_result = result;
    // What comes after the last line's end is no line.
    if (!m_result.lines.isEmpty() && m_result.lines.last().kind == DiffLine::Kind::Same &&
        m_result.lines.last().text.isEmpty())
        m_result.lines.removeLast();
    if (result.isSame)
        return showSentence(tr("Both are the same."));
    if (!result.isText)
        return showSentence(tr("They differ. Only texts can be shown line by line."));
    if (m_result.lines.isEmpty())
        return showSentence(
            result.isWhole
                ? tr("They differ only in their line ends or their encoding.")
                : tr("They are the same in their first megabyte; only that is compared."));
    m_ui->legendLabel->setText(result.isWhole
                                   ? tr("−  in the sandbox     +  yours")
                                   : tr("−  in the sandbox     +  yours     (the first megabyte)"));
    m_ui->stack->setCurrentWidget(m_ui->viewPage);
    showLines();
}

void DifferenceDialog::showSentence(const QString &sentence)
{
    m_ui->messageLabel->setText(sentence);
    m_ui->stack->setCurrentWidget(m_ui->messagePage);
}

void DifferenceDialog::showLines()
{
    const qsizetype shown = qMin(MostLines, m_result.lines.size());
    int last = 1;
    for (const DiffLine &line : m_result.lines)
        last = qMax(last, qMax(line.oldLine, line.newLine));
    const auto digits = int(QString::number(last).size());
    QStringList texts;
    for (const DiffLine &line : m_result.lines.first(shown))
        texts.append(lineText(line, digits));
    if (shown < m_result.lines.size())
        texts.append(tr("… and %n more line(s)", nullptr, int(m_result.lines.size() - shown)));
    m_ui->differenceView->setPlainText(texts.join(u'\n'));

    // Tinted as well as marked.
    const QColor base = palette().color(QPalette::Base);
    const QColor removed = mixed(QColor(0xd1, 0x34, 0x38), base, 0.18);
    const QColor added = mixed(QColor(0x2e, 0xa0, 0x43), base, 0.2);
    QList<QTextEdit::ExtraSelection> tints;
    QTextBlock block = m_ui->differenceView->document()->begin();
    for (const DiffLine &line : m_result.lines.first(shown)) {
        QTextEdit::ExtraSelection tint;
        tint.cursor = QTextCursor(block);
        tint.format.setProperty(QTextFormat::FullWidthSelection, true);
        if (line.kind == DiffLine::Kind::Removed)
            tint.format.setBackground(removed);
        else if (line.kind == DiffLine::Kind::Added)
            tint.format.setBackground(added);
        if (tint.format.hasProperty(QTextFormat::BackgroundBrush))
            tints.append(tint);
        block = block.next();
    }
    m_ui->differenceView->setExtraSelections(tints);
}

void DifferenceDialog::askName()
{
    const OpenEdit *edit = m_edits->edit(m_id);
    const QString name = guestpath::fileName(edit->path);
    const qsizetype dot = name.lastIndexOf(u'.');
    const qsizetype end = dot > 0 ? dot : name.size();
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save mine as"));
    dialog->setLabelText(tr("The name of your file in “%1”. A file that is there is not replaced.")
                             .arg(guestpath::parent(edit->path)));
    dialog->setTextValue(name.first(end) + tr(" (mine)") + name.sliced(end));
    dialog->setOkButtonText(tr("Save"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &chosen) {
        if (FsModel::isValidName(chosen))
            return m_edits->saveUnder(m_id, chosen);
        Error error;
        error.reason = Error::Reason::BadName;
        m_ui->detailLabel->setText(errorText(error));
    });
    dialog->open();
}

void DifferenceDialog::leaveIfOver()
{
    const OpenEdit *edit = m_edits->edit(m_id);
    if (!edit || (m_asks && edit->state != OpenEdit::State::Conflict))
        accept();
}

void DifferenceDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_result.lines.isEmpty())
        showLines();
}

}  // namespace voidrun
