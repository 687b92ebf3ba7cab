// SPDX-License-Identifier: MIT
#include "scriptedguest.h"

#include <QJsonDocument>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace voidrun::test
{

namespace
{

ScriptedReply success(const QJsonValue &data)
{
    const QJsonObject envelope{{u"status"_s, u"success"_s}, {u"data"_s, data}};
    return ScriptedReply::json(200, QJsonDocument(envelope).toJson(QJsonDocument::Compact));
}

ScriptedReply failure(int status)
{
    return ScriptedReply::json(status, R"({"error":"scripted failure"})");
}

}  // namespace

ScriptedGuest::ScriptedGuest()
{
    m_server.setHandler([this](const SeenRequest &request) {
        ScriptedReply reply = answer(request);
        reply.delay = m_delay;
        return reply;
    });
}

ConnectionProfile ScriptedGuest::profile() const
{
    ConnectionProfile profile;
    profile.id = u"scripted"_s;
    profile.name = u"Scripted"_s;
    profile.baseUrl = m_server.baseUrl();
    profile.apiKey = u"vr_scripted"_s;
    return profile;
}

QJsonObject ScriptedGuest::entry(const QString &name, qint64 size, bool isDir, const QString &mode)
{
    return {{u"name"_s, name}, {u"size"_s, size}, {u"isDir"_s, isDir}, {u"mode"_s, mode}};
}

void ScriptedGuest::setFolder(const QString &path, const QJsonArray &entries)
{
    m_folders.insert(path, entries);
}

void ScriptedGuest::setFile(const QString &path, const QByteArray &content, uint mode)
{
    m_files.insert(path, {content, mode});
}

void ScriptedGuest::remove(const QString &path)
{
    m_files.remove(path);
    m_folders.remove(path);
}

ScriptedReply ScriptedGuest::answer(const SeenRequest &request)
{
    const QUrl url = QUrl::fromEncoded(request.target);
    const QUrlQuery query(url.query(QUrl::FullyEncoded));
    const auto value = [&](const QString &key) {
        return query.queryItemValue(key, QUrl::FullyDecoded);
    };
    if (url.path().endsWith(u"/sandboxes"_s))
        return success(QJsonArray{QJsonObject{
            {u"id"_s, sandboxId()}, {u"name"_s, u"scripted"_s}, {u"status"_s, u"running"_s}}});
    if (url.path().endsWith(u"/exec"_s)) {
        m_calls.append(u"POST exec"_s);
        return success(QJsonObject{{u"stdout"_s, m_commandOutput}, {u"exitCode"_s, 0}});
    }
    const QString action = url.path().section(u"/files"_s, 1).mid(1);
    const QString path = value(action == u"move"_s ? u"from"_s : u"path"_s);
    const QString call =
        QString::fromLatin1(request.method) + u' ' + action + u' ' + path + u' ' + value(u"to"_s);
    m_calls.append(call.simplified());
    if (m_statuses.contains(path))
        return failure(m_statuses.value(path));
    if (action == u"stat"_s)
        return stat(path);
    if (action == u"download"_s && m_downloadReplies.contains(path))
        return m_downloadReplies.value(path);
    if (action == u"download"_s)
        return download(path);
    if (request.method != "GET")
        return change(action, path, value(u"to"_s), request.body);
    if (m_folderReplies.contains(path))
        return m_folderReplies.value(path);
    if (!m_folders.contains(path))
        return failure(404);
    return success(QJsonObject{{u"success"_s, true}, {u"files"_s, m_folders.value(path)}});
}

ScriptedReply ScriptedGuest::change(const QString &action, const QString &path, const QString &to,
                                    const QByteArray &body)
{
    if (action == u"upload"_s)
        setFile(path, body);
    else if (action == u"mkdir"_s)
        setFolder(path, {});
    else if (action == u"create"_s)
        setFile(path, {});
    else if (action == u"move"_s)
        setFile(to, m_files.take(path).content);
    else if (action.isEmpty())
        remove(path);
    return success(QJsonObject{{u"stdout"_s, QString()}, {u"exitCode"_s, 0}});
}

ScriptedReply ScriptedGuest::download(const QString &path) const
{
    if (!m_files.contains(path))
        return failure(404);
    const QByteArray content = m_files.value(path).content;
    ScriptedReply reply = ScriptedReply::with(200, "application/octet-stream", content);
    if (m_cutsDownloads)
        reply.cut(reply.bytes.size() - content.size() / 2, ScriptedReply::End::Fin);
    return reply;
}

ScriptedReply ScriptedGuest::stat(const QString &path) const
{
    if (!m_files.contains(path) && !m_folders.contains(path))
        return failure(404);
    const File file = m_files.value(path, {{}, 040755});
    const QJsonObject status{{u"path"_s, path},
                             {u"size"_s, m_statedSizes.value(path, file.content.size())},
                             {u"mode"_s, QString::number(file.mode, 16)},
                             {u"mtime"_s, 1'700'000'000}};
    const QByteArray text = QJsonDocument(status).toJson(QJsonDocument::Compact);
    return success(QJsonObject{{u"stdout"_s, QString::fromUtf8(text)}, {u"exitCode"_s, 0}});
}

}  // namespace voidrun::test
