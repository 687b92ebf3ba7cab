// SPDX-License-Identifier: MIT
#include "runnable.h"

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun::runnable
{

namespace
{

QString programFor(const QString &fileName)
{
    const QString ending = fileName.section(u'.', -1).toLower();
    if (!fileName.contains(u'.'))
        return {};
    if (ending == "py"_L1)
        return u"python3"_s;
    if (ending == "js"_L1 || ending == "mjs"_L1)
        return u"node"_s;
    if (ending == "ts"_L1)
        return u"tsx"_s;
    return ending == "sh"_L1 ? u"bash"_s : QString();
}

}  // namespace

bool isRunnable(const QString &fileName)
{
    return !programFor(fileName).isEmpty();
}

RunRequest requestFor(const QString &guestPath)
{
    RunRequest request;
    const QString name = guestpath::fileName(guestPath);
    // "./": a name may begin with a minus.
    request.text = programFor(name) % u' ' % guestpath::shellQuoted(u"./"_s + name);
    request.folder = guestpath::parent(guestPath);
    request.timeout = RunRequest::LongestTime;
    return request;
}

QString entryOf(const QStringList &fileNames, const QString &folderName)
{
    QStringList candidates;
    for (const QString &name : fileNames) {
        if (isRunnable(name))
            candidates.append(name);
    }
    if (candidates.size() == 1)
        return candidates.first();
    for (const QString &word :
         {u"main"_s, u"index"_s, u"app"_s, u"run"_s, u"start"_s, folderName}) {
        QStringList named;
        for (const QString &name : candidates) {
            if (name.section(u'.', 0, -2).compare(word, Qt::CaseInsensitive) == 0)
                named.append(name);
        }
        if (!named.isEmpty())
            return named.size() == 1 ? named.first() : QString();
    }
    return {};
}

}  // namespace voidrun::runnable
