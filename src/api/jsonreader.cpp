// SPDX-License-Identifier: MIT
#include "jsonreader.h"

#include <QTimeZone>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "request.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

std::optional<qint64> asInteger(const QString &text)
{
    bool ok = false;
    const qint64 number = text.trimmed().toLongLong(&ok, 10);
    return ok ? std::optional(number) : std::nullopt;
}

// Only what a qint64 holds exactly enough; a server's 1e300 is no number of ours.
std::optional<qint64> asInteger(const QJsonValue &value)
{
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (!std::isfinite(number) || std::abs(number) > 9.0e18)
            return std::nullopt;
        return value.toInteger(static_cast<qint64>(number));
    }
    return value.isString() ? asInteger(value.toString()) : std::nullopt;
}

QDateTime fromSeconds(std::optional<qint64> seconds)
{
    return seconds.value_or(0) > 0 ? QDateTime::fromSecsSinceEpoch(*seconds, QTimeZone::UTC)
                                   : QDateTime();
}

// RFC 3339 in its usual form. Several times as quick as QDateTime::fromString(), which is most of
// the work of decoding a long listing.
QDateTime rfc3339(QStringView text)
{
    static constexpr QLatin1StringView form("dddd-dd-ddTdd:dd:dd");
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    const auto number = [text](qsizetype at, qsizetype count) {
        int value = 0;
        for (const QChar c : text.sliced(at, count))
            value = value * 10 + (c.unicode() - u'0');
        return value;
    };
    if (text.size() <= form.size())
        return {};
    for (qsizetype i = 0; i < form.size(); ++i) {
        if (form[i] == 'd'_L1 ? !isDigit(text[i]) : text[i] != form[i])
            return {};
    }
    qsizetype at = form.size();
    int milliseconds = 0;
    if (text[at] == u'.') {
        int weight = 100;
        for (++at; at < text.size() && isDigit(text[at]); ++at, weight /= 10)
            milliseconds += number(at, 1) * weight;
    }
    const QStringView zone = text.sliced(at);
    int offset = 0;  // s
    if (zone.size() == 6 && zone[3] == u':' && (zone[0] == u'+' || zone[0] == u'-')) {
        if (!std::ranges::all_of(std::array{zone[1], zone[2], zone[4], zone[5]}, isDigit))
            return {};
        offset = number(at + 1, 2) * 3600 + number(at + 4, 2) * 60;
        offset = zone[0] == u'-' ? -offset : offset;
    } else if (zone != u"Z") {
        return {};
    }
    const QDate date(number(0, 4), number(5, 2), number(8, 2));
    const QTime time(number(11, 2), number(14, 2), number(17, 2), milliseconds);
    if (!date.isValid() || !time.isValid())
        return {};
    const QDateTime utc(date, time, QTimeZone::UTC);
    return offset == 0 ? utc : utc.addSecs(-offset);
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
    return value.isString() ? timeOf(value.toString()) : fromSeconds(asInteger(value));
}

QDateTime JsonReader::timeOf(const QString &text)
{
    if (const QDateTime time = rfc3339(text); time.isValid())
        return time;
    if (const auto seconds = asInteger(text))
        return fromSeconds(seconds);
    return QDateTime::fromString(text, Qt::ISODateWithMs);
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
