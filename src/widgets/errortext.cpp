// SPDX-License-Identifier: MIT
#include "errortext.h"

#include <QCoreApplication>

namespace voidrun
{

namespace
{

constexpr qsizetype MostServerText = 300;  // characters of a server's own words that are shown

QString tr(const char *text)
{
    return QCoreApplication::translate("ErrorText", text);
}

// The server's words as one line without control characters, cut to a readable length.
QString serverWords(const Error &error)
{
    QString text = error.detail.isEmpty() ? error.code : error.detail;
    if (!error.code.isEmpty() && !error.detail.isEmpty() && error.code != error.detail)
        text = error.code + QStringLiteral(": ") + error.detail;
    for (QChar &c : text) {
        if (!c.isPrint())
            c = u' ';
    }
    text = text.simplified();
    if (text.size() > MostServerText)
        text = text.first(MostServerText) + u'…';
    return text;
}

QString withWords(const QString &sentence, const Error &error)
{
    const QString words = serverWords(error);
    return words.isEmpty() ? sentence : tr("%1 (%2)").arg(sentence, words);
}

}  // namespace

QString errorText(const Error &error)
{
    using Kind = Error::Kind;
    switch (error.kind) {
    case Kind::Unreachable:
        return tr("The server cannot be reached. Check the address and your network.");
    case Kind::ConnectionLost:
        return tr("The connection was lost before it was complete. Try again.");
    case Kind::Timeout:
        return tr("The server did not answer in time. Try again in a moment.");
    case Kind::Tls:
        return withWords(tr("The server's certificate is not trusted, so nothing was sent."), error);
    case Kind::Cancelled:
        return tr("It was cancelled.");
    case Kind::Redirected:
        return withWords(tr("The address points to another server; your key was not sent there. "
                            "Change the connection if that server is the right one."),
                         error);
    case Kind::NotVoidRun:
        return withWords(tr("The answer did not come from a VoidRun server. Check the address; a "
                            "sign-in page of your network may be in the way."),
                         error);
    case Kind::TooLarge:
        return withWords(tr("The answer was too large to accept."), error);
    case Kind::MissingKey:
        return tr("This connection has no API key. Change the connection and enter one.");
    case Kind::MissingBaseUrl:
        return tr("The server address is empty (VR_API_URL or API_URL is set to nothing). Enter "
                  "the server's address in the connection.");
    case Kind::InvalidInput:
    case Kind::BadRequest:
        return withWords(tr("This was not accepted."), error);
    case Kind::Unauthorized:
        return tr("The server did not accept the API key. Change the connection and enter a "
                  "valid key.");
    case Kind::NotFound:
        return withWords(tr("It is not there any more. Refresh to see what is."), error);
    case Kind::Conflict:
        return withWords(tr("Something of that name exists already. Choose another name."), error);
    case Kind::Overloaded:
        return tr("The server is overloaded. Try again in a few minutes.");
    case Kind::Unavailable:
        return withWords(tr("The sandbox does not answer at the moment. Try again."), error);
    case Kind::Server:
        return withWords(tr("The server reported an error."), error);
    case Kind::CommandFailed:
        return withWords(tr("It did not work inside the sandbox."), error);
    case Kind::LocalFile:
        return withWords(tr("A file on this computer could not be read or written."), error);
    case Kind::Engine:
        return withWords(tr("The engine for sandboxes on this computer could not be started."),
                         error);
    }
    return tr("Something unexpected happened. Try again.");
}

QString problemText(SpecProblem problem)
{
    switch (problem) {
    case SpecProblem::None:
        return {};
    case SpecProblem::NameEmpty:
        return tr("Give the sandbox a name.");
    case SpecProblem::NameTooLong:
        return tr("The name is too long; 253 characters are the most.");
    case SpecProblem::NameCharacters:
        return tr("Use only small letters a–z, digits, hyphens and dots in the name.");
    case SpecProblem::NameEnds:
        return tr("Each part of the name must start and end with a letter or digit.");
    case SpecProblem::NameTaken:
        return tr("There is a sandbox of this name already. Choose another name.");
    case SpecProblem::CpuRange:
        return tr("A sandbox has 1 to 8 CPUs.");
    case SpecProblem::MemRange:
        return tr("A sandbox has 1,024 to 16,384 MiB of memory.");
    case SpecProblem::EnvironmentName:
        return tr("Write the environment as NAME=value, one on each line.");
    case SpecProblem::LabelName:
        return tr("Write labels as name=value, separated by commas.");
    case SpecProblem::PortRange:
        return tr("Ports are numbers from 1 to 65535, separated by commas.");
    case SpecProblem::PortTwice:
        return tr("A port is named twice.");
    case SpecProblem::TooManyPorts:
        return tr("At most four ports can be published.");
    }
    return {};
}

}  // namespace voidrun
