// SPDX-License-Identifier: MIT
#include "searchpage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

#include "errortext.h"
#include "icons.h"
#include "models/filesearch.h"
#include "models/guestpath.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

SearchPage::SearchPage(QWidget *parent)
    : QWidget(parent), m_label(new QLabel(this)), m_list(new QListWidget(this))
{
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setIconSize(QSize(16, 16));
    m_list->setAccessibleName(tr("Files that were found"));
    auto *close = new QToolButton(this);
    close->setIcon(themedIcon(u"close"_s));
    close->setAutoRaise(true);
    close->setToolTip(tr("Back to the folder (Esc)"));
    close->setAccessibleName(tr("Back to the folder"));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 4, 8, 4);
    top->addWidget(m_label, 1);
    top->addWidget(close, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_list);
    connect(close, &QToolButton::clicked, this, &SearchPage::closed);
    auto *escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &SearchPage::closed);
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        Q_EMIT pathChosen(item->data(Qt::UserRole).toString());
    });
}

void SearchPage::showSearching(const QString &folder, const QString &text)
{
    m_folder = folder;
    m_text = text;
    m_list->clear();
    m_label->setText(tr("Searching for “%1” below %2…").arg(text, folder));
    m_list->setFocus(Qt::OtherFocusReason);
}

void SearchPage::showFound(const QStringList &paths)
{
    m_list->clear();
    const qsizetype below = m_folder == u"/"_s ? 1 : m_folder.size() + 1;
    for (const QString &path : paths) {
        const bool isBelow = guestpath::isInside(path, m_folder) && path.size() > below;
        auto *item = new QListWidgetItem(
            themedIcon(iconNameForFile(guestpath::fileName(path), false, false)),
            visibleText(isBelow ? path.mid(below) : path), m_list);
        item->setData(Qt::UserRole, path);
        item->setToolTip(path);
    }
    if (paths.isEmpty())
        m_label->setText(tr("No file below %1 has “%2” in its name.").arg(m_folder, m_text));
    else if (paths.size() >= FileSearch::MostFound)
        m_label->setText(tr("The first %n file(s) below %1 with “%2” in the name. A longer part of "
                            "the name finds fewer.",
                            nullptr, int(paths.size()))
                             .arg(m_folder, m_text));
    else
        m_label->setText(tr("%n file(s) below %1 with “%2” in the name", nullptr, int(paths.size()))
                             .arg(m_folder, m_text));
    m_list->setCurrentRow(0);
}

void SearchPage::showFailure(const Error &error)
{
    m_list->clear();
    m_label->setText(tr("Searching below %1 did not work. %2").arg(m_folder, errorText(error)));
}

}  // namespace voidrun
