// SPDX-License-Identifier: MIT
#include "jsonmodel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <utility>
#include <vector>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype MostShown = 300;  // characters of one value
constexpr qsizetype Batch = 1000;     // branches made at a time

qsizetype sizeOf(const QJsonValue &value)
{
    if (value.isObject())
        return value.toObject().size();
    return value.isArray() ? value.toArray().size() : 0;
}

}  // namespace

struct JsonModel::Node {
    Node(Node *parentNode, int rowInParent, QString nodeName, QJsonValue nodeValue)
        : parent(parentNode),
          row(rowInParent),
          name(std::move(nodeName)),
          value(std::move(nodeValue))
    {
    }

    void addChild()
    {
        const int next = int(children.size());
        if (value.isArray()) {
            children.push_back(std::make_unique<Node>(this, next, QString::number(next),
                                                      value.toArray().at(next)));
            return;
        }
        const QJsonObject object = value.toObject();
        const auto member = object.constBegin() + next;
        children.push_back(std::make_unique<Node>(this, next, member.key(), member.value()));
    }

    Node *parent;
    int row;
    QString name;
    QJsonValue value;
    std::vector<std::unique_ptr<Node>> children;  // those that were asked for
};

JsonModel::JsonModel(std::unique_ptr<Node> root) : m_root(std::move(root)) {}

std::unique_ptr<JsonModel> JsonModel::fromText(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (document.isNull())
        return nullptr;
    const QJsonValue value =
        document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    return std::unique_ptr<JsonModel>(
        new JsonModel(std::make_unique<Node>(nullptr, 0, QString(), value)));
}

JsonModel::~JsonModel() = default;

JsonModel::Node *JsonModel::node(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex JsonModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent)->children[static_cast<size_t>(row)].get());
}

QModelIndex JsonModel::parent(const QModelIndex &child) const
{
    const Node *above = child.isValid() ? node(child)->parent : nullptr;
    return above && above->parent ? createIndex(above->row, 0, above) : QModelIndex();
}

int JsonModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(node(parent)->children.size());
}

int JsonModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool JsonModel::hasChildren(const QModelIndex &parent) const
{
    return parent.column() <= 0 && sizeOf(node(parent)->value) > 0;
}

bool JsonModel::canFetchMore(const QModelIndex &parent) const
{
    const Node *branch = node(parent);
    return parent.column() <= 0 && qsizetype(branch->children.size()) < sizeOf(branch->value);
}

void JsonModel::fetchMore(const QModelIndex &parent)
{
    Node *branch = node(parent);
    const auto have = qsizetype(branch->children.size());
    const qsizetype more = qMin(Batch, sizeOf(branch->value) - have);
    // Who is told of the new rows must not ask for more before they are there.
    if (more <= 0 || std::exchange(m_isFetching, true))
        return;
    beginInsertRows(parent, int(have), int(have + more) - 1);
    for (qsizetype i = 0; i < more; ++i)
        branch->addChild();
    endInsertRows();
    m_isFetching = false;
}

QVariant JsonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const Node *shown = node(index);
    if (index.column() == NameColumn)
        return visibleText(shown->name.left(MostShown));
    const QJsonValue &value = shown->value;
    switch (value.type()) {
        case QJsonValue::Object:
            return tr("%n member(s)", nullptr, int(sizeOf(value)));
        case QJsonValue::Array:
            return tr("%n value(s)", nullptr, int(sizeOf(value)));
        case QJsonValue::String:
            return visibleText(value.toString().left(MostShown));
        case QJsonValue::Bool:
            return value.toBool() ? u"true"_s : u"false"_s;
        case QJsonValue::Double:
            return QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest);
        default:
            return u"null"_s;
    }
}

QVariant JsonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : tr("Value");
}

}  // namespace voidrun
