using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Audit;

internal static class TokenEventMapping
{
    public static Wire.TokenEvent ToWire(this TokenEventRow row)
    {
        var details = TokenEventDetails.Read(row.Details);
        var kind = System.Enum.Parse<TokenEventKind>(row.Kind);
        return new Wire.TokenEvent
        {
            RealmId = row.RealmId,
            EventId = row.EventId,
            Sequence = row.Sequence,
            EventTime = Timestamp.FromDateTimeOffset(row.HappenedAt),
            Kind = kind.ToWire(),
            ClientId = row.ClientId,
            UserId = row.UserId,
            OrganizationId = details.OrganizationId ?? "",
            Scopes = { details.Scopes ?? [] },
            Audiences = { details.Audiences ?? [] },
            TokenId = row.TokenId,
            ParentTokenIds = { details.ParentTokenIds ?? [] },
            GrantId = details.GrantId ?? "",
            Subject = details.Subject is { } subject ? ToWire(subject) : null,
            Actors = { (details.Actors ?? []).Select(ToWire) },
            GrantType = details.GrantType ?? "",
            Rule = details.Rule ?? "",
            Revision = details.Revision ?? 0,
            Reason = details.Reason ?? "",
            Revoker = RevokerOf(details),
            SourceAddress = details.SourceAddress ?? "",
            CorrelationId = details.CorrelationId ?? "",
            TokenExpireTime = details.TokenExpiresAt is { } expiresAt ? Timestamp.FromDateTimeOffset(expiresAt) : null,
            ChainId = row.ChainId,
            ChainNumber = row.ChainNumber,
            Hash = ByteString.CopyFrom(Convert.FromHexString(row.Hash)),
        };
    }

    public static Wire.TokenEventKind ToWire(this TokenEventKind kind) => (Wire.TokenEventKind)(kind + 1);

    private static Wire.TokenRevoker? RevokerOf(TokenEventDetails details) => details.RevokerKind is not { } kind ? null : new()
    {
        RevokerKind = kind,
        RevokerId = details.RevokerId ?? "",
        ClientId = details.RevokerClientId ?? "",
        ActChain = { details.RevokerActChain ?? [] },
    };

    private static Wire.Actor ToWire(TokenEventActor actor) => new()
    {
        Subject = actor.Id,
        SubjectType = actor.Type == TokenEventActor.User ? Wire.SubjectType.User : Wire.SubjectType.Client,
    };
}
