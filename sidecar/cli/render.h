// The server's answers as text for people: one function a view.
#ifndef ROCKTUNE_SIDECAR_CLI_RENDER_H_
#define ROCKTUNE_SIDECAR_CLI_RENDER_H_

#include <string>

#include "sidecar/cli/arguments.h"
#include "sidecar/cli/json_access.h"
#include "sidecar/cli/table.h"

namespace rocktune::cli {

// Each takes the parsed answer of its route and returns whole lines. Text from
// the server is escaped for terminals.
std::string RenderTuner(const Json& answer, const Style& style);
std::string RenderDatabase(const Json& database, const Style& style);
std::string RenderProfile(const Json& profile, const Arguments& arguments,
                          const Style& style);
std::string RenderHistory(const Json& answer, const Arguments& arguments,
                          const Style& style);
std::string RenderTrial(const Json& trial, const Arguments& arguments,
                        const Style& style);
std::string RenderWhy(const Json& answer, const Arguments& arguments,
                      const Style& style);
std::string RenderOptions(const Json& answer, const Arguments& arguments,
                          const Style& style);
std::string RenderCatalogue(const Json& answer, const Arguments& arguments,
                            const Style& style);
std::string RenderModel(const Json& status, const Arguments& arguments,
                        const Style& style);
std::string RenderPayload(const Json& answer, const Arguments& arguments,
                          const Style& style);
std::string RenderAsked(const Json& answer, const Arguments& arguments,
                        const Style& style);
std::string RenderVetted(const Json& answer, const Arguments& arguments,
                         const Style& style);
// Of a command: the message, the notes of calibration, the change set.
std::string RenderReply(const Json& answer, const Arguments& arguments,
                        const Style& style);

Colour ColourOfVerdict(const std::string& verdict);
// "name" or "name[scope]" of an object with "option" and "scope".
std::string OptionName(const Json& object);
// Rows "option  before -> after  reason".
std::string RenderChanges(const boost::json::array& changes,
                          const Style& style);
std::string RenderNotes(const boost::json::array& notes, const Style& style);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_RENDER_H_
