// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QMap>
#include <QProcessEnvironment>
#include <QString>

namespace voidrun
{

// The variables of a `.env` text as the SDKs read it: NAME=value a line, `export` before it or not,
// `#` comments, values in single, double or back quotes (only in double quotes are \n and \r line
// ends). What is no variable is left out.
QMap<QString, QString> parseDotEnv(const QByteArray &text);

// `environment` and what `.env` in `folder` adds to it; the real environment wins, also where it is
// set to nothing (contract section 1). Reads a small file: not for a thread that must never wait.
QProcessEnvironment withDotEnv(QProcessEnvironment environment, const QString &folder);

}  // namespace voidrun
