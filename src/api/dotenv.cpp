// SPDX-License-Identifier: MIT
#include "dotenv.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 maxFile = 64LL * 1024;  // bytes; more is no file of settings

QString valueOf(const QString &written)
{
    static const QRegularExpression quoted(u"\\A(['\"`])((?:\\\\.|(?!\\1).)*)\\1\\s*(?:#.*)?\\z"_s);
    const QString text = written.trimmed();
    const QRegularExpressionMatch match = quoted.match(text);
    if (!match.hasMatch())
        return text.section(u'#', 0, 0).trimmed();
    QString value = match.captured(2);
    if (match.captured(1) == u'"')
        value.replace("\\n"_L1, "\n"_L1).replace("\\r"_L1, "\r"_L1);
    return value;
}

}  // namespace

QMap<QString, QString> parseDotEnv(const QByteArray &text)
{
    static const QRegularExpression assignment(u"\\A\\s*(?:export\\s+)?([\\w.-]+)\\s*=(.*)\\z"_s);
    static const QRegularExpression lineEnd(u"\\r\\n|\\n|\\r"_s);
    QMap<QString, QString> variables;
    QString all = QString::fromUtf8(text);
    if (all.startsWith(QChar::ByteOrderMark))
        all.remove(0, 1);
    for (const QString &line : all.split(lineEnd)) {
        const QRegularExpressionMatch match = assignment.match(line);
        if (match.hasMatch())
            variables.insert(match.captured(1), valueOf(match.captured(2)));
    }
    return variables;
}

QProcessEnvironment withDotEnv(QProcessEnvironment environment, const QString &folder)
{
    QFile file(QDir(folder).filePath(u".env"_s));
    // Nothing but a file: reading a FIFO would wait for ever.
    if (!QFileInfo(file).isFile() || file.size() > maxFile || !file.open(QIODevice::ReadOnly))
        return environment;
    const QMap<QString, QString> variables = parseDotEnv(file.read(maxFile));
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        if (!environment.contains(it.key()))
            environment.insert(it.key(), it.value());
    }
    return environment;
}

}  // namespace voidrun
