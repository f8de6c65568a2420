using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Mapping;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

internal static class RegistrationMapping
{
    public static RegistrationRequest ToRecord(this Wire.RegisterClientRequest request) => new()
    {
        RealmId = request.RealmId,
        Metadata = request.Metadata,
        Token = request.InitialAccessToken,
        Issuer = request.Issuer,
        SourceAddress = request.SourceAddress.Length > 0 ? request.SourceAddress : null,
    };

    public static RegistrationRequest ToRecord(this Wire.UpdateClientRegistrationRequest request) => new()
    {
        RealmId = request.RealmId,
        ClientId = request.ClientId,
        Metadata = request.Metadata,
        Token = request.RegistrationAccessToken,
        Issuer = request.Issuer,
    };

    public static Wire.RegisteredClient ToWire(this Registered registered)
    {
        var newest = registered.Client.Secrets.MaxBy(secret => secret.CreatedAt);
        return new()
        {
            Client = registered.Client.ToWire(),
            ClientSecret = registered.ClientSecret ?? "",
            ClientSecretExpireTime = newest?.ExpiresAt is { } expiresAt ? Timestamp.FromDateTimeOffset(expiresAt) : null,
            RegistrationAccessToken = registered.RegistrationAccessToken,
            SoftwareStatement = registered.SoftwareStatement ?? "",
            Revision = registered.Revision,
        };
    }

    public static Wire.InitialAccessToken ToWire(this InitialAccessToken token) => new()
    {
        TokenId = token.TokenId,
        DisplayName = token.DisplayName,
        CreateTime = Timestamp.FromDateTimeOffset(token.CreatedAt),
        ExpireTime = token.ExpiresAt is { } expiresAt ? Timestamp.FromDateTimeOffset(expiresAt) : null,
        MaxUses = token.MaxUses ?? 0,
        Uses = token.Uses,
        Policy = token.Policy?.ToWire(),
    };
}
