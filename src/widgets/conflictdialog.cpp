// SPDX-License-Identifier: MIT
#include "conflictdialog.h"

#include <QHeaderView>
#include <QLocale>
#include <QPushButton>

#include <algorithm>

#include "models/visibletext.h"
#include "ui_conflictdialog.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

using Conflict = TransferRequest::Conflict;

QString sizeText(const TransferConflict::Side &side)
{
    if (side.isDir)
        return ConflictDialog::tr("folder");
    return side.size < 0 ? ConflictDialog::tr("unknown") : QLocale().formattedDataSize(side.size);
}

QString timeText(const TransferConflict::Side &side)
{
    return side.modified.isValid()
               ? QLocale().toString(side.modified.toLocalTime(), QLocale::ShortFormat)
               : ConflictDialog::tr("unknown");
}

ConflictDialog::Subject subjectOf(const TransferModel::Item &item)
{
    const bool isUpload = item.request.direction == TransferRequest::Direction::Upload;
    const QString here = ConflictDialog::tr("here");
    const QString there = ConflictDialog::tr("in the sandbox");
    return {
        .conflicts = item.comparisons,
        .where =
            isUpload
                ? ConflictDialog::tr("%1 of %2").arg(item.request.target, item.request.sandboxName)
                : item.request.target,
        .newSide = isUpload ? here : there,
        .existingSide = isUpload ? there : here};
}

}  // namespace

ConflictDialog::ConflictDialog(const TransferModel::Item &item, QWidget *parent)
    : ConflictDialog(subjectOf(item), parent)
{
}

ConflictDialog::ConflictDialog(const Subject &subject, QWidget *parent)
    : QDialog(parent),
      m_ui(std::make_unique<Ui::ConflictDialog>()),
      m_conflicts(subject.conflicts),
      m_subject(subject)
{
    m_ui->setupUi(this);
    m_overwrite =
        addAnswer(tr("Overwrite"), QDialogButtonBox::DestructiveRole, Conflict::Overwrite);
    addAnswer(tr("Keep both"), QDialogButtonBox::AcceptRole, Conflict::KeepBoth)->setDefault(true);
    addAnswer(tr("Skip"), QDialogButtonBox::NoRole, Conflict::Skip);
    auto *compare = m_ui->buttonBox->addButton(tr("Compare"), QDialogButtonBox::ActionRole);
    compare->setCheckable(true);
    compare->setAutoDefault(false);
    connect(compare, &QPushButton::toggled, this, &ConflictDialog::setCompared);
    // Not the box's rejected(), which Skip emits as well.
    connect(m_ui->buttonBox->button(QDialogButtonBox::Cancel), &QPushButton::clicked, this,
            &QDialog::reject);
    m_ui->allBox->setText(tr("Do this for all %n", nullptr, static_cast<int>(m_conflicts.size())));
    connect(m_ui->allBox, &QCheckBox::toggled, this, &ConflictDialog::showQuestion);
    fillComparison();
    setCompared(false);
    showQuestion();
}

ConflictDialog::~ConflictDialog() = default;

QPushButton *ConflictDialog::addAnswer(const QString &text, QDialogButtonBox::ButtonRole role,
                                       Conflict answer)
{
    QPushButton *button = m_ui->buttonBox->addButton(text, role);
    connect(button, &QPushButton::clicked, this, [this, answer] { take(answer); });
    return button;
}

bool ConflictDialog::canOverwrite(const TransferConflict &conflict) const
{
    return conflict.source.isDir == conflict.target.isDir &&
           (m_subject.mergesFolders || !conflict.target.isDir);
}

void ConflictDialog::fillComparison()
{
    QTreeWidget *view = m_ui->comparisonView;
    view->setHeaderLabels({tr("Name"), tr("New (%1)").arg(m_subject.newSide), tr("Changed"),
                           tr("Existing (%1)").arg(m_subject.existingSide), tr("Changed")});
    constexpr qsizetype MaxListed = 1000;
    for (const TransferConflict &conflict :
         m_conflicts.first(std::min(MaxListed, m_conflicts.size())))
        view->addTopLevelItem(new QTreeWidgetItem(
            {visibleText(conflict.name), sizeText(conflict.source), timeText(conflict.source),
             sizeText(conflict.target), timeText(conflict.target)}));
    for (int column = 0; column < view->columnCount(); ++column)
        view->resizeColumnToContents(column);
}

void ConflictDialog::setCompared(bool compared)
{
    m_ui->comparisonView->setVisible(compared);
    adjustSize();
}

void ConflictDialog::showQuestion()
{
    const bool isForAll = m_ui->allBox->isChecked() && m_conflicts.size() > 1;
    m_ui->allBox->setVisible(m_conflicts.size() > 1);
    m_ui->questionLabel->setText(
        isForAll ? tr("%n items already exist in “%1”.", nullptr, int(m_conflicts.size()))
                       .arg(m_subject.where)
                 : tr("“%1” already exists in “%2”.")
                       .arg(visibleText(m_conflicts.first().name), m_subject.where));
    const bool overwritable =
        std::ranges::all_of(m_conflicts.first(isForAll ? m_conflicts.size() : 1),
                            [this](const TransferConflict &each) { return canOverwrite(each); });
    constexpr qsizetype MaxNamed = 12;
    QStringList names;
    if (isForAll) {
        for (const TransferConflict &conflict :
             m_conflicts.first(std::min(MaxNamed, m_conflicts.size())))
            names.append(visibleText(conflict.name));
        if (m_conflicts.size() > MaxNamed)
            names.append(tr("and %n more", nullptr, int(m_conflicts.size() - MaxNamed)));
        names.append(QString());
    }
    if (!m_subject.mergesFolders)
        names.append(overwritable ? tr("Overwriting replaces the file that is there.")
                                  : tr("A folder that is there cannot be replaced."));
    else
        names.append(overwritable
                         ? tr("Overwriting replaces files and adds to folders.")
                         : tr("A file and a folder of one name cannot replace each other."));
    m_ui->consequenceLabel->setText(names.join(u'\n'));
    m_overwrite->setVisible(overwritable);
}

void ConflictDialog::take(Conflict answer)
{
    const bool isForAll = m_ui->allBox->isChecked();
    const qsizetype count = isForAll ? m_conflicts.size() : 1;
    for (const TransferConflict &conflict : m_conflicts.first(count))
        m_answers.insert(conflict.name, answer);
    m_conflicts.remove(0, count);
    if (!m_conflicts.isEmpty()) {
        m_ui->allBox->setText(
            tr("Do this for all %n", nullptr, static_cast<int>(m_conflicts.size())));
        return showQuestion();
    }
    Q_EMIT answered(m_answers);
    accept();
}

}  // namespace voidrun
