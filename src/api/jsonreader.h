// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QMap>
#include <QString>

#include <optional>

#include "error.h"

namespace voidrun
{

// Reads the fields of one JSON object. Optional fields fall back silently; the first required field
// that is missing or of the wrong type is kept as an error that names it.
class JsonReader
{
public:
    // `what` names the object in errors, such as "sandbox".
    JsonReader(const QJsonObject &object, QLatin1StringView what) : m_object(object), m_what(what)
    {
    }

    QString requiredString(QLatin1StringView name);
    qint64 requiredNumber(QLatin1StringView name);

    QString string(QLatin1StringView name) const;
    // A number, or a decimal number in a string.
    qint64 number(QLatin1StringView name, qint64 fallback = 0) const;
    int smallNumber(QLatin1StringView name, int fallback = 0) const;
    bool boolean(QLatin1StringView name, bool fallback = false) const;
    // RFC 3339 with any fraction, or seconds since 1970; invalid where absent.
    QDateTime time(QLatin1StringView name) const;
    static QDateTime timeOf(const QString &text);
    QMap<QString, QString> strings(QLatin1StringView name) const;
    QJsonValue value(QLatin1StringView name) const { return m_object.value(name); }

    const std::optional<Error> &error() const { return m_error; }

private:
    void fail(QLatin1StringView name, QLatin1StringView expected);

    const QJsonObject &m_object;
    QLatin1StringView m_what;
    std::optional<Error> m_error;
};

}  // namespace voidrun
