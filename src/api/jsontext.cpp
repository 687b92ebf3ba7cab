// SPDX-License-Identifier: MIT
#include "jsontext.h"

#include <QByteArrayView>
#include <QJsonObject>

#include "request.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype maxWeight = 4LL * 1024 * 1024;  // values
constexpr qsizetype containerWeight = 8;            // what a list or an object takes, in values

// At least what the text weighs once it is read; a text that is no JSON may weigh anything.
qsizetype weightOf(QByteArrayView text)
{
    qsizetype weight = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"')
            inString = !inString;
        else if (c == '\\')
            ++i;
        else if (!inString && (c == ',' || c == ':'))
            ++weight;
        else if (!inString && (c == '[' || c == '{'))
            weight += containerWeight;
    }
    return weight;
}

}  // namespace

Result<QJsonDocument> parseJson(const QByteArray &text)
{
    if (text.size() > maxWeight / containerWeight && weightOf(text) > maxWeight)
        return std::unexpected(
            makeError(Error::Kind::TooLarge, u"the answer holds more than four million values"_s));
    QJsonParseError problem;
    QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    if (document.isNull())
        return std::unexpected(makeError(
            Error::Kind::NotVoidRun, u"the answer is not JSON: %1"_s.arg(problem.errorString())));
    return document;
}

QJsonObject parseJsonObject(const QByteArray &text)
{
    return parseJson(text).value_or(QJsonDocument()).object();
}

}  // namespace voidrun
