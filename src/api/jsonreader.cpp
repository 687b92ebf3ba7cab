// SPDX-License-Identifier: MIT
#include "jsonreader.h"

#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <limits>

#include "request.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

// Only what a qint64 holds exactly enough; a server's 1e300 is no number of ours.
std::optional<qint64> asInteger(const QJsonValue &value)
{
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (!std::isfinite(number) || std::abs(number) > 9.0e18)
            return std::nullopt;
        return value.toInteger(static_cast<qint64>(number));
    }
    if (value.isString()) {
        bool ok = false;
        const qint64 number = value.toString().trimmed().toLongLong(&ok, 10);
        if (ok)
            return number;
    }
    return std::nullopt;
}

}  // namespace

void JsonReader::fail(QLatin1StringView name, QLatin1StringView expected)
{
    if (!m_error)
        m_error = makeError(Error::Kind::NotVoidRun,
                            u"the field \"%1\" of the %2 is not %3"_s.arg(name, m_what, expected));
}

QString JsonReader::requiredString(QLatin1StringView name)
{
    const QJsonValue value = m_object.value(name);
    if (!value.isString())
        fail(name, "a string"_L1);
    return value.toString();
}

qint64 JsonReader::requiredNumber(QLatin1StringView name)
{
    const auto number = asInteger(m_object.value(name));
    if (!number)
        fail(name, "a number"_L1);
    return number.value_or(0);
}

QString JsonReader::string(QLatin1StringView name) const
{
    return m_object.value(name).toString();
}

qint64 JsonReader::number(QLatin1StringView name, qint64 fallback) const
{
    return asInteger(m_object.value(name)).value_or(fallback);
}

int JsonReader::smallNumber(QLatin1StringView name, int fallback) const
{
    const qint64 value = number(name, fallback);
    return static_cast<int>(std::clamp<qint64>(value, std::numeric_limits<int>::min(),
                                               std::numeric_limits<int>::max()));
}

bool JsonReader::boolean(QLatin1StringView name, bool fallback) const
{
    return m_object.value(name).toBool(fallback);
}

QDateTime JsonReader::time(QLatin1StringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (const auto seconds = asInteger(value)) {
        return *seconds > 0 ? QDateTime::fromSecsSinceEpoch(*seconds, QTimeZone::UTC) : QDateTime();
    }
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

QMap<QString, QString> JsonReader::strings(QLatin1StringView name) const
{
    QMap<QString, QString> result;
    const QJsonObject object = m_object.value(name).toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it->isString())
            result.insert(it.key(), it->toString());
        else if (it->isDouble() || it->isBool())
            result.insert(it.key(), it->toVariant().toString());
    }
    return result;
}

}  // namespace voidrun
