using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Authorization;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Realm {RealmId} granted client {ClientId} what user {UserId} agreed to; ExplainScopes tells about authorization {AuthorizationId}.")]
    public static partial void ConsentGiven(this ILogger logger, string realmId, string clientId, string userId, string authorizationId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Realm {RealmId} refused client {ClientId} what it asked user {UserId} for: {Reason}; ExplainScopes tells about authorization {AuthorizationId}.")]
    public static partial void ConsentRefused(this ILogger logger, string realmId, string clientId, string userId, ErrorReason reason, string authorizationId);
}
