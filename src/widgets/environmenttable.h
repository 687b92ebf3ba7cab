// SPDX-License-Identifier: MIT
#pragma once

#include <QMap>
#include <QStringList>
#include <QWidget>

class QCheckBox;
class QTableWidget;

namespace voidrun
{

// Variables for a program: names, values, and whether the history may keep the value. Values are
// dots unless they are edited or a person wants to see them. GUI thread.
class EnvironmentTable : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentTable(QWidget *parent = nullptr);

    QMap<QString, QString> variables() const;
    QStringList unkept() const;  // names of those that the history must not keep
    // Takes over what is being typed into a cell.
    void commit();
    void setVariables(const QMap<QString, QString> &variables, const QStringList &unkept);

Q_SIGNALS:
    void changed();

private:
    void addRow(const QString &name, const QString &value, bool kept);
    void ensureEmptyRow();
    void nameRows();

    QTableWidget *m_table;
    QCheckBox *m_showBox;
    bool m_isFilling = false;
};

}  // namespace voidrun
