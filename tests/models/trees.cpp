// SPDX-License-Identifier: MIT
#include "trees.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace voidrun::test
{

QMap<QByteArray, QByteArray> treeOf(const QString &folder)
{
    QMap<QByteArray, QByteArray> tree;
    const QDir top(folder);
    QDirIterator files(folder,
                       QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QFileInfo file = files.nextFileInfo();
        const QByteArray path = QFile::encodeName(top.relativeFilePath(file.filePath()));
        if (file.isSymLink())
            tree.insert(path, 'l' + QFile::encodeName(file.symLinkTarget()));
        else if (file.isDir())
            tree.insert(path, "d");
        else
            tree.insert(path, (file.isExecutable() ? 'x' : '-') + readFile(file.filePath()));
    }
    return tree;
}

bool writeFile(const QString &path, const QByteArray &content, bool executable)
{
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly) ||
        file.write(content) != content.size())
        return false;
    return !executable ||
           file.setPermissions(file.permissions() | QFile::ExeOwner | QFile::ExeUser);
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool makeOddTree(const QString &folder)
{
    const QStringList names{u"two words"_s,  u"it's \"quoted\""_s, u"100%25"_s,  u"a+b"_s,
                            u"c#d?e&f=g"_s,  u"naïve 日本 🦦"_s,   u"-dash"_s,   u"line\nbreak"_s,
                            u"semi;colon"_s, u"$HOME `id`"_s,      u".hidden"_s, u"back\\slash"_s};
    bool ok = true;
    for (const QString &name : names) {
        ok = ok && writeFile(folder + u"/files/"_s + name, "content of " + name.toUtf8());
        ok = ok && writeFile(folder + u"/dirs/"_s + name + u"/run.sh"_s, "#!/bin/sh\n", true);
        ok = ok && QDir().mkpath(folder + u"/empty/"_s + name);
    }
    QByteArray bytes(300'000, '\0');
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 / 7);
    ok = ok && writeFile(folder + u"/binary.bin"_s, bytes);
    return ok && writeFile(folder + u"/nothing"_s, {});
}

}  // namespace voidrun::test
