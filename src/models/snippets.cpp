// SPDX-License-Identifier: MIT
#include "snippets.h"

#include <QSettings>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr auto Array = "snippets"_L1;

bool isAllowed(const Snippet &snippet)
{
    return !snippet.text.trimmed().isEmpty() && snippet.text.size() <= Snippets::LongestText;
}

}  // namespace

Snippets::Snippets(QSettings *settings, QObject *parent)
    : QAbstractListModel(parent), m_settings(settings)
{
    // What stands in the settings may have been written by anybody.
    const int count = int(qMin(qsizetype(m_settings->beginReadArray(Array)), MostSnippets));
    for (int i = 0; i < count; ++i) {
        m_settings->setArrayIndex(i);
        const Snippet snippet{.name = m_settings->value(u"name"_s).toString().first(qMin(
                                  LongestName, m_settings->value(u"name"_s).toString().size())),
                              .text = m_settings->value(u"text"_s).toString()};
        if (isAllowed(snippet))
            m_snippets.append(snippet);
    }
    m_settings->endArray();
}

int Snippets::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_snippets.size());
}

QString Snippets::titleOf(const Snippet &snippet)
{
    const QString title =
        snippet.name.trimmed().isEmpty() ? snippet.text.simplified() : snippet.name.simplified();
    return visibleText(title.size() > LongestName ? title.first(LongestName - 1) % u'…' : title);
}

QVariant Snippets::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::DisplayRole)
        return titleOf(m_snippets.at(index.row()));
    return role == Qt::ToolTipRole ? QVariant(visibleText(m_snippets.at(index.row()).text))
                                   : QVariant();
}

bool Snippets::add(const Snippet &snippet)
{
    if (!isAllowed(snippet) || m_snippets.size() >= MostSnippets)
        return false;
    const int row = int(m_snippets.size());
    beginInsertRows({}, row, row);
    m_snippets.append(snippet);
    endInsertRows();
    save();
    return true;
}

bool Snippets::change(int row, const Snippet &snippet)
{
    if (row < 0 || row >= m_snippets.size() || !isAllowed(snippet))
        return false;
    m_snippets[row] = snippet;
    Q_EMIT dataChanged(index(row), index(row));
    save();
    return true;
}

void Snippets::remove(int row)
{
    if (row < 0 || row >= m_snippets.size())
        return;
    beginRemoveRows({}, row, row);
    m_snippets.removeAt(row);
    endRemoveRows();
    save();
}

void Snippets::move(int row, int steps)
{
    const int target = row + steps;
    if (steps == 0 || row < 0 || row >= m_snippets.size() || target < 0 ||
        target >= m_snippets.size())
        return;
    beginMoveRows({}, row, row, {}, target > row ? target + 1 : target);
    m_snippets.move(row, target);
    endMoveRows();
    save();
}

void Snippets::save()
{
    m_settings->remove(Array);
    m_settings->beginWriteArray(Array, int(m_snippets.size()));
    for (int i = 0; i < m_snippets.size(); ++i) {
        m_settings->setArrayIndex(i);
        m_settings->setValue(u"name"_s, m_snippets.at(i).name);
        m_settings->setValue(u"text"_s, m_snippets.at(i).text);
    }
    m_settings->endArray();
}

}  // namespace voidrun
