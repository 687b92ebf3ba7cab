// SPDX-License-Identifier: MIT
#include "environmenttable.h"

#include <QApplication>
#include <QCheckBox>
#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

enum Column { NameColumn, ValueColumn, KeepColumn, ColumnCount };
constexpr int Rows = 4;  // that are seen at once
constexpr int Dots = 8;  // their number says nothing about the value

// Dots in place of values.
class ValueDelegate : public QStyledItemDelegate
{
public:
    ValueDelegate(const QCheckBox *showBox, QObject *parent)
        : QStyledItemDelegate(parent), m_showBox(showBox)
    {
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!m_showBox->isChecked() && !option->text.isEmpty())
            option->text = QString(Dots, QChar(0x2022));
    }

private:
    const QCheckBox *m_showBox;
};

}  // namespace

EnvironmentTable::EnvironmentTable(QWidget *parent)
    : QWidget(parent),
      m_table(new QTableWidget(0, ColumnCount, this)),
      m_showBox(new QCheckBox(tr("Show &values"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addWidget(m_table);
    layout->addWidget(m_showBox);
    m_table->setAccessibleName(tr("Environment"));
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value"), tr("Keep value in history")});
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(ValueColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(KeepColumn, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->resizeSection(NameColumn,
                                               14 * fontMetrics().horizontalAdvance(u'm'));
    m_table->setItemDelegateForColumn(ValueColumn, new ValueDelegate(m_showBox, this));
    m_table->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_table->setTabKeyNavigation(false);
    const int row = m_table->verticalHeader()->defaultSectionSize();
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + Rows * row);
    connect(m_showBox, &QCheckBox::toggled, m_table->viewport(), qOverload<>(&QWidget::update));
    connect(m_showBox, &QCheckBox::toggled, this, &EnvironmentTable::nameRows);
    connect(m_table, &QTableWidget::itemChanged, this, [this] {
        if (m_isFilling)
            return;
        ensureEmptyRow();
        Q_EMIT changed();
    });
    ensureEmptyRow();
}

void EnvironmentTable::addRow(const QString &name, const QString &value, bool kept)
{
    m_isFilling = true;
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, NameColumn, new QTableWidgetItem(name));
    m_table->setItem(row, ValueColumn, new QTableWidgetItem(value));
    auto *keep = new QTableWidgetItem;
    keep->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    keep->setCheckState(kept ? Qt::Checked : Qt::Unchecked);
    m_table->setItem(row, KeepColumn, keep);
    m_isFilling = false;
}

void EnvironmentTable::ensureEmptyRow()
{
    const int last = m_table->rowCount() - 1;
    if (last < 0 || !m_table->item(last, NameColumn)->text().isEmpty())
        addRow({}, {}, false);
    nameRows();
}

// For screen readers, which do not see what stands beside a cell.
void EnvironmentTable::nameRows()
{
    m_isFilling = true;
    const bool isShown = m_showBox->isChecked();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString name = m_table->item(row, NameColumn)->text().trimmed();
        const QString value = m_table->item(row, ValueColumn)->text();
        const auto say = [&](Column column, const QString &text) {
            m_table->item(row, column)->setData(Qt::AccessibleTextRole, text);
        };
        if (name.isEmpty()) {
            say(NameColumn, tr("Name of a new variable"));
            say(ValueColumn, tr("Value of a new variable"));
            say(KeepColumn, tr("Keep the value of a new variable in the history"));
            continue;
        }
        say(NameColumn, tr("Name %1").arg(name));
        say(ValueColumn,
            isShown ? tr("Value of %1: %2").arg(name, value) : tr("Value of %1, hidden").arg(name));
        say(KeepColumn, tr("Keep the value of %1 in the history").arg(name));
    }
    m_isFilling = false;
}

// The editor of a cell gives its text away when it loses the focus.
void EnvironmentTable::commit()
{
    const QWidget *focus = QApplication::focusWidget();
    if (focus && m_table->viewport()->isAncestorOf(focus))
        m_table->setFocus();
}

QMap<QString, QString> EnvironmentTable::variables() const
{
    QMap<QString, QString> variables;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString name = m_table->item(row, NameColumn)->text().trimmed();
        if (!name.isEmpty())
            variables.insert(name, m_table->item(row, ValueColumn)->text());
    }
    return variables;
}

QStringList EnvironmentTable::unkept() const
{
    QStringList names;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString name = m_table->item(row, NameColumn)->text().trimmed();
        if (!name.isEmpty() && m_table->item(row, KeepColumn)->checkState() != Qt::Checked)
            names.append(name);
    }
    return names;
}

void EnvironmentTable::setVariables(const QMap<QString, QString> &variables,
                                    const QStringList &unkept)
{
    m_table->setRowCount(0);
    for (const auto &[name, value] : variables.asKeyValueRange())
        addRow(name, value, !unkept.contains(name));
    ensureEmptyRow();
    Q_EMIT changed();
}

}  // namespace voidrun
