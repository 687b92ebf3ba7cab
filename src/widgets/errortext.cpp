// SPDX-License-Identifier: MIT
#include "errortext.h"

#include <QCoreApplication>

namespace voidrun
{

namespace
{

constexpr qsizetype MostServerText = 300;  // characters of a server's own words that are shown

class ErrorText
{
    Q_DECLARE_TR_FUNCTIONS(ErrorText)
};

QString withoutFullStop(const QString &text)
{
    return text.endsWith(u'.') ? text.chopped(1) : text;
}

// The server's words as one line without control characters and without a full stop, cut to a
// readable length.
QString serverWords(const Error &error)
{
    QString text = error.detail.isEmpty() ? error.code : error.detail;
    if (!error.code.isEmpty() && !error.detail.isEmpty() && error.code != error.detail)
        text = withoutFullStop(error.code) + QStringLiteral(": ") + error.detail;
    for (QChar &c : text) {
        if (!c.isPrint())
            c = u' ';
    }
    text = withoutFullStop(text.simplified());
    if (text.size() > MostServerText)
        text = text.first(MostServerText) + u'…';
    return text;
}

QString withWords(const QString &sentence, const Error &error)
{
    const QString words = serverWords(error);
    return words.isEmpty() ? sentence : ErrorText::tr("%1 (%2)").arg(sentence, words);
}

// The same for words that are our own programs' sentence.
QString withSentence(const QString &sentence, const Error &error)
{
    const QString words = serverWords(error);
    return words.isEmpty() ? sentence : sentence + u' ' + words + u'.';
}

QString reasonText(Error::Reason reason)
{
    using Reason = Error::Reason;
    switch (reason) {
        case Reason::None:
            break;
        case Reason::BadName:
            return ErrorText::tr(
                "A name must not be empty, contain a slash, or be longer than 255 bytes.");
        case Reason::NameTaken:
            return ErrorText::tr("Something of that name exists already. Choose another name.");
        case Reason::FolderInTheWay:
            return ErrorText::tr("A folder has that name already, and it is not replaced.");
        case Reason::FileInTheWay:
            return ErrorText::tr("A file has that name already, and it is not replaced.");
        case Reason::IntoItself:
            return ErrorText::tr("A folder cannot be put into itself.");
        case Reason::LeavesFolder:
            return ErrorText::tr(
                "The server gave it a name that would leave the chosen folder, so it was not "
                "saved.");
        case Reason::IsLink:
            return ErrorText::tr("It is a link, and links are not followed.");
        case Reason::NotAFile:
            return ErrorText::tr("It is neither a file nor a folder.");
        case Reason::IsFolder:
            return ErrorText::tr("It is a folder, not a file.");
        case Reason::TooManyFiles:
            return ErrorText::tr(
                "There are more than a million files and folders. Take them in smaller parts.");
        case Reason::TooManyChanges:
            return ErrorText::tr("Too many changes are waiting. Try again when they are done.");
        case Reason::WrongLength:
            return ErrorText::tr(
                "What arrived is longer or shorter than the server said, so it was not kept. Try "
                "again.");
        case Reason::WrongContent:
            return ErrorText::tr(
                "What arrived is not what was sent, so it was not kept. Try again.");
        case Reason::ChangedMeanwhile:
            return ErrorText::tr("The file changed while it was uploaded. Try again.");
        case Reason::DiskFull:
            return ErrorText::tr("This computer's disk is full. Make room and try again.");
        case Reason::NoPermission:
            return ErrorText::tr("You have no permission for this file or folder here.");
        case Reason::ReadOnly:
            return ErrorText::tr("This disk can only be read. Choose another folder.");
        case Reason::Gone:
            return ErrorText::tr("It is not there any more.");
        case Reason::TooLargeToEdit:
            return ErrorText::tr(
                "It is larger than 64 MiB. Download it, and upload it when you have changed it.");
        case Reason::TooManyEdits:
            return ErrorText::tr(
                "A hundred files are open for editing already. Stop editing some of them.");
        case Reason::Closed:
            return ErrorText::tr("The connection was closed.");
        case Reason::NotConnected:
            return ErrorText::tr("Its connection is not open. Open the connection and try again.");
    }
    return {};
}

}  // namespace

QString errorText(const Error &error)
{
    using Kind = Error::Kind;
    if (error.reason != Error::Reason::None)
        return reasonText(error.reason);
    switch (error.kind) {
        case Kind::Unreachable:
            return ErrorText::tr(
                "The server cannot be reached. Check the address and your network.");
        case Kind::ConnectionLost:
            return ErrorText::tr("The connection was lost before it was complete. Try again.");
        case Kind::Timeout:
            return ErrorText::tr("The server did not answer in time. Try again in a moment.");
        case Kind::Tls:
            return withWords(
                ErrorText::tr("The server's certificate is not trusted, so nothing was sent."),
                error);
        case Kind::Cancelled:
            return ErrorText::tr("It was cancelled.");
        case Kind::Redirected:
            return withWords(
                ErrorText::tr("The address points to another server; your key was not sent there. "
                              "Change the connection if that server is the right one."),
                error);
        case Kind::NotVoidRun:
            return withWords(
                ErrorText::tr("The answer did not come from a VoidRun server. Check the address; a "
                              "sign-in page of your network may be in the way."),
                error);
        case Kind::TooLarge:
            return withWords(ErrorText::tr("The answer was too large to accept."), error);
        case Kind::MissingKey:
            return ErrorText::tr(
                "This connection has no API key. Change the connection and enter one.");
        case Kind::MissingBaseUrl:
            return ErrorText::tr(
                "The server address is empty (VR_API_URL or API_URL is set to nothing). Enter "
                "the server's address in the connection.");
        case Kind::InvalidInput:
        case Kind::BadRequest:
            if (const QString words = serverWords(error); !words.isEmpty())
                return ErrorText::tr("This was not accepted: %1.").arg(words);
            return ErrorText::tr("This was not accepted.");
        case Kind::Unauthorized:
            return ErrorText::tr(
                "The server did not accept the API key. Change the connection and enter a "
                "valid key.");
        case Kind::NotFound:
            return withWords(ErrorText::tr("It is not there."), error);
        case Kind::Conflict:
            return withWords(
                ErrorText::tr("Something of that name exists already. Choose another name."),
                error);
        case Kind::Overloaded:
            return ErrorText::tr("The server is overloaded. Try again in a few minutes.");
        case Kind::Unavailable:
            return withWords(ErrorText::tr("The sandbox does not answer at the moment. Try again."),
                             error);
        case Kind::Server:
            return withWords(ErrorText::tr("The server reported an error."), error);
        case Kind::CommandFailed:
            return withWords(ErrorText::tr("It did not work inside the sandbox."), error);
        case Kind::LocalFile:
            return withWords(ErrorText::tr("A file on this computer could not be read or written."),
                             error);
        case Kind::Engine:
            return withSentence(ErrorText::tr("It runs the sandboxes of this computer."), error);
    }
    return ErrorText::tr("Something unexpected happened. Try again.");
}

QString problemText(SpecProblem problem)
{
    switch (problem) {
        case SpecProblem::None:
            return {};
        case SpecProblem::NameEmpty:
            return ErrorText::tr("Give the sandbox a name.");
        case SpecProblem::NameTooLong:
            return ErrorText::tr("The name is too long; 253 characters are the most.");
        case SpecProblem::NameCharacters:
            return ErrorText::tr(
                "Use only small letters a–z, digits, hyphens and dots in the name.");
        case SpecProblem::NameEnds:
            return ErrorText::tr(
                "Each part of the name must start and end with a letter or digit.");
        case SpecProblem::NameTaken:
            return ErrorText::tr("There is a sandbox of this name already. Choose another name.");
        case SpecProblem::CpuRange:
            return ErrorText::tr("A sandbox has 1 to 8 CPUs.");
        case SpecProblem::MemRange:
            return ErrorText::tr("A sandbox has 1,024 to 16,384 MiB of memory.");
        case SpecProblem::EnvironmentName:
            return ErrorText::tr("Write the environment as NAME=value, one on each line.");
        case SpecProblem::LabelName:
            return ErrorText::tr("Write labels as name=value, separated by commas.");
        case SpecProblem::PortRange:
            return ErrorText::tr("Ports are numbers from 1 to 65535, separated by commas.");
        case SpecProblem::PortTwice:
            return ErrorText::tr("A port is named twice.");
        case SpecProblem::TooManyPorts:
            return ErrorText::tr("At most four ports can be published.");
    }
    return {};
}

}  // namespace voidrun
