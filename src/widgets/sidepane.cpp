// SPDX-License-Identifier: MIT
#include "sidepane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "filepanel.h"
#include "icons.h"
#include "localpanel.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

SidePane::SidePane(QWidget *parent)
    : QWidget(parent),
      m_choice(new QComboBox(this)),
      m_stack(new QStackedWidget(this)),
      m_local(new LocalPanel(this))
{
    m_choice->setAccessibleName(tr("What the second pane shows"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *close = new QToolButton(this);
    close->setIcon(themedIcon(u"close"_s));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close the second pane (F3)"));
    close->setAccessibleName(tr("Close the second pane"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 0);
    bar->addWidget(m_choice, 1);
    bar->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_stack);
    m_stack->addWidget(m_local);
    connect(close, &QToolButton::clicked, this, &SidePane::closed);
    connect(m_choice, &QComboBox::activated, this, &SidePane::showChosen);
    fill();
}

void SidePane::setSandboxes(SandboxModel *sandboxes)
{
    if (m_sandboxes)
        m_sandboxes->disconnect(this);
    m_sandboxes = sandboxes;
    for (FilePanel *files : std::as_const(m_files))
        files->deleteLater();
    m_files.clear();
    fill();
    if (!sandboxes)
        return;
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(sandboxes, signal, this, &SidePane::fill);
    connect(sandboxes, &QAbstractItemModel::modelReset, this, &SidePane::fill);
    connect(sandboxes, &QAbstractItemModel::dataChanged, this, &SidePane::fill);
}

void SidePane::fill()
{
    QList<std::pair<QString, QString>> choices{{QString(), tr("This computer")}};
    const int count = m_sandboxes ? m_sandboxes->rowCount() : 0;
    for (int row = 0; row < count; ++row) {
        const auto sandbox =
            m_sandboxes->index(row, 0).data(SandboxModel::SandboxRole).value<Sandbox>();
        choices.append({sandbox.id, visibleText(sandbox.name)});
    }
    if (choices == m_choices)
        return;  // the list may be open just now
    m_choices = choices;
    const QString chosen = m_choice->currentData().toString();
    m_choice->clear();
    for (const auto &[id, name] : std::as_const(m_choices))
        m_choice->addItem(themedIcon(id.isEmpty() ? u"computer"_s : u"sandbox"_s), name, id);
    choose(chosen);
}

void SidePane::choose(const QString &sandboxId)
{
    m_choice->setCurrentIndex(qMax(0, m_choice->findData(sandboxId)));
    // What was chosen may be gone.
    for (auto files = m_files.begin(); files != m_files.end();) {
        if (m_choice->findData(files.key()) >= 0) {
            ++files;
        } else {
            files.value()->deleteLater();
            files = m_files.erase(files);
        }
    }
    FilePanel *files = m_files.value(m_choice->currentData().toString());
    m_stack->setCurrentWidget(files ? static_cast<QWidget *>(files) : m_local);
}

void SidePane::showChosen()
{
    const QString id = m_choice->currentData().toString();
    if (!id.isEmpty() && !m_files.contains(id))
        Q_EMIT filesRequested(id);
    choose(id);
}

void SidePane::addFiles(const QString &sandboxId, FilePanel *files)
{
    m_files.insert(sandboxId, files);
    m_stack->addWidget(files);
}

}  // namespace voidrun
