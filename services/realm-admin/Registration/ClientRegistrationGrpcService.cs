using System.Globalization;
using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

public sealed class ClientRegistrationGrpcService(AdminGate gate, RegistrationActions registrations, InitialAccessTokenActions tokens)
    : Wire.ClientRegistrationService.ClientRegistrationServiceBase
{
    private const int MostClients = 1_000;
    private const int MostUses = 1_000_000;
    private const int LongestToken = 512;

    private static readonly string TooManyUses = string.Create(CultureInfo.InvariantCulture, $"must be from 0 to {MostUses}");

    public override async Task<Wire.RegisterClientResponse> RegisterClient(Wire.RegisterClientRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRegister);
        RequireToken(request.RealmId, "initial_access_token", request.InitialAccessToken).ThrowIfAny();
        return new() { Registered = (await registrations.Register.ExecuteAsync(caller, request.ToRecord(), context.CancellationToken)).ToWire() };
    }

    public override async Task<Wire.GetClientRegistrationResponse> GetClientRegistration(
        Wire.GetClientRegistrationRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRegister);
        RequireToken(request.RealmId, "registration_access_token", request.RegistrationAccessToken).ThrowIfAny();
        var registered = await registrations.Read.ExecuteAsync(
            request.RealmId, request.ClientId, request.RegistrationAccessToken, context.CancellationToken);
        return new() { Registered = registered.ToWire() };
    }

    public override async Task<Wire.UpdateClientRegistrationResponse> UpdateClientRegistration(
        Wire.UpdateClientRegistrationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRegister);
        RequireToken(request.RealmId, "registration_access_token", request.RegistrationAccessToken).ThrowIfAny();
        return new() { Registered = (await registrations.Update.ExecuteAsync(caller, request.ToRecord(), context.CancellationToken)).ToWire() };
    }

    public override async Task<Wire.DeleteClientRegistrationResponse> DeleteClientRegistration(
        Wire.DeleteClientRegistrationRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRegister);
        RequireToken(request.RealmId, "registration_access_token", request.RegistrationAccessToken).ThrowIfAny();
        var revision = await registrations.Delete.ExecuteAsync(
            caller, request.RealmId, request.ClientId, request.RegistrationAccessToken, context.CancellationToken);
        return new() { Revision = revision };
    }

    public override async Task<Wire.RecordClientUseResponse> RecordClientUse(Wire.RecordClientUseRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRegister);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("client_ids", request.ClientIds.Count <= MostClients, "must be 1000 at the most")
            .ThrowIfAny();
        await registrations.RecordUse.ExecuteAsync(request.RealmId, request.ClientIds, context.CancellationToken);
        return new();
    }

    public override async Task<Wire.CreateInitialAccessTokenResponse> CreateInitialAccessToken(
        Wire.CreateInitialAccessTokenRequest request, ServerCallContext context)
    {
        var wanted = request.InitialAccessToken ?? new Wire.InitialAccessToken();
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        if (wanted.Policy is not null)
        {
            // A policy says which scopes strangers' clients can have, as the realm's own does.
            await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.RealmsWrite);
        }

        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Allow("initial_access_token.display_name", wanted.DisplayName, Rules.DisplayName)
            .Require("initial_access_token.max_uses", wanted.MaxUses is >= 0 and <= MostUses, TooManyUses)
            .ThrowIfAny();
        var token = new InitialAccessToken
        {
            TokenId = "",
            DisplayName = wanted.DisplayName,
            CreatedAt = default,
            ExpiresAt = OperationFields.TimeOf(wanted.ExpireTime, "initial_access_token.expire_time"),
            MaxUses = wanted.MaxUses == 0 ? null : wanted.MaxUses,
        };
        var made = await tokens.Create.ExecuteAsync(caller, request.RealmId, token, wanted.Policy, context.CancellationToken);
        return new() { InitialAccessToken = made.Token.ToWire(), Token = made.Value, Revision = made.Revision };
    }

    public override async Task<Wire.ListInitialAccessTokensResponse> ListInitialAccessTokens(
        Wire.ListInitialAccessTokensRequest request, ServerCallContext context)
    {
        await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsRead);
        new RequestFields().Require("realm_id", request.RealmId, Rules.RealmId).Page(request.PageSize).ThrowIfAny();

        var page = await tokens.List.ExecuteAsync(request.RealmId, new(request.PageSize, request.PageToken), context.CancellationToken);
        return new() { InitialAccessTokens = { page.Items.Select(token => token.ToWire()) }, NextPageToken = page.NextPageToken };
    }

    public override async Task<Wire.DeleteInitialAccessTokenResponse> DeleteInitialAccessToken(
        Wire.DeleteInitialAccessTokenRequest request, ServerCallContext context)
    {
        var (caller, _) = await gate.RequireRealmAsync(context, request.RealmId, IamPermissions.ClientsWrite);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("token_id", request.TokenId, Rules.Id)
            .ThrowIfAny();
        return new() { Revision = await tokens.Delete.ExecuteAsync(caller, request.RealmId, request.TokenId, context.CancellationToken) };
    }

    private static RequestFields RequireToken(string realmId, string field, string token) => new RequestFields()
        .Require("realm_id", realmId, Rules.RealmId)
        .Require(field, token.Length <= LongestToken, "is too long");
}
