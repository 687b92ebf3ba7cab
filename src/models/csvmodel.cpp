// SPDX-License-Identifier: MIT
#include "csvmodel.h"

#include <algorithm>

#include "visibletext.h"

namespace voidrun
{

namespace
{

constexpr qsizetype MostRows = 50'000;
constexpr qsizetype MostColumns = 500;
constexpr qsizetype MostShown = 300;  // characters of one value

// What the first line has most of.
QChar separatorOf(QStringView text)
{
    const QStringView line = text.left(text.indexOf(u'\n'));
    QChar best = u',';
    for (const QChar candidate : {u';', u'\t'}) {
        if (line.count(candidate) > line.count(best))
            best = candidate;
    }
    return best;
}

// The rows of a text, one after the other.
class CsvReader
{
public:
    explicit CsvReader(QStringView text) : m_text(text), m_separator(separatorOf(text)) {}

    bool atEnd() const { return m_at >= m_text.size(); }
    // False when the text ends within the row.
    bool readRow(QStringList *row)
    {
        row->clear();
        QString value;
        bool quoted = false;
        while (!atEnd()) {
            const QChar c = m_text[m_at++];
            if (quoted) {
                if (c != u'"')
                    value += c;
                else if (!atEnd() && m_text[m_at] == u'"')
                    value += m_text[m_at++];
                else
                    quoted = false;
            } else if (c == u'"' && value.isEmpty()) {
                quoted = true;
            } else if (c == m_separator || c == u'\n') {
                add(row, &value);
                if (c == u'\n')
                    return true;
            } else if (c != u'\r') {
                value += c;
            }
        }
        add(row, &value);
        return false;
    }

private:
    static void add(QStringList *row, QString *value)
    {
        if (row->size() < MostColumns)
            row->append(*value);
        value->clear();
    }

    QStringView m_text;
    QChar m_separator;
    qsizetype m_at = 0;
};

}  // namespace

CsvModel::CsvModel(const QString &text, bool isWhole, QObject *parent) : QAbstractTableModel(parent)
{
    parse(text, isWhole);
}

void CsvModel::parse(QStringView text, bool isWhole)
{
    if (text.startsWith(QChar(QChar::ByteOrderMark)))
        text = text.sliced(1);
    CsvReader reader(text);
    QStringList row;
    if (!reader.atEnd())
        reader.readRow(&m_header);
    m_columns = int(m_header.size());
    while (!reader.atEnd() && m_rows.size() < MostRows) {
        if (!reader.readRow(&row) && !isWhole)
            return;
        m_rows.append(row);
        m_columns = std::max(m_columns, int(row.size()));
    }
}

int CsvModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CsvModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_columns;
}

QVariant CsvModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString value = m_rows.at(index.row()).value(index.column());
    if (role == Qt::DisplayRole)
        return visibleText(value.left(MostShown));
    if (role == Qt::ToolTipRole && value.size() > MostShown)
        return visibleText(value.left(10 * MostShown));
    if (role == Qt::TextAlignmentRole) {
        bool isNumber = false;
        value.toDouble(&isNumber);
        return QVariant::fromValue(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

QVariant CsvModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section + 2;  // its line, where every row has one
    return visibleText(m_header.value(section).left(MostShown));
}

}  // namespace voidrun
