using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Clients;

/// <summary>The secrets of clients: several at a time, so that one is rotated without an outage.</summary>
public sealed class ClientSecrets(RetriedWrites writes, ClientStore clients, TimeProvider clock)
{
    private const int Most = 10;

    /// <summary>Makes a secret. Only its hash is kept.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND, INVALID_ARGUMENT, REQUEST_ID_REUSED.</exception>
    public Task<T> CreateAsync<T>(
        WriteCall call, string clientId, DateTimeOffset? expiresAt, Func<ClientSecret, string, long, T> answer, CancellationToken cancellationToken)
        where T : IMessage<T>, new() =>
        writes.RunAsync(
            call with { AnswersOnce = true },
            async write =>
            {
                var client = await FindAsync(write, call.RealmId, clientId, cancellationToken);
                var now = Values.ToMicroseconds(clock.GetUtcNow());
                RequireRoom(client);
                if (expiresAt <= now)
                {
                    throw OperationFields.Invalid("expire_time", "must be in the future");
                }

                var value = OpaqueValue.New();
                var secret = new ClientSecret
                {
                    SecretId = Guid.CreateVersion7(now).ToString("D", CultureInfo.InvariantCulture),
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))),
                    CreatedAt = now,
                    ExpiresAt = expiresAt,
                };
                await ReplaceAsync(write, client, client.Secrets.Append(secret), cancellationToken);
                return answer(secret, value, write.ResultingRevision);
            },
            cancellationToken);

    /// <summary>Sets when a secret stops working; a time that is past stops it at once.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND.</exception>
    public Task<T> ExpireAsync<T>(
        WriteCall call,
        (string ClientId, string SecretId) key,
        DateTimeOffset? expiresAt,
        Func<ClientSecret, long, T> answer,
        CancellationToken cancellationToken)
        where T : IMessage<T>, new() =>
        writes.RunAsync(
            call,
            async write =>
            {
                var client = await FindAsync(write, call.RealmId, key.ClientId, cancellationToken);
                var secret = Find(client, key.SecretId) with { ExpiresAt = expiresAt };
                await ReplaceAsync(write, client, Others(client, key.SecretId).Append(secret), cancellationToken);
                return answer(secret, write.ResultingRevision);
            },
            cancellationToken);

    /// <summary>Removes a secret.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND.</exception>
    public Task<T> DeleteAsync<T>(
        WriteCall call, (string ClientId, string SecretId) key, Func<long, T> answer, CancellationToken cancellationToken)
        where T : IMessage<T>, new() =>
        writes.RunAsync(
            call,
            async write =>
            {
                var client = await FindAsync(write, call.RealmId, key.ClientId, cancellationToken);
                Find(client, key.SecretId);
                await ReplaceAsync(write, client, Others(client, key.SecretId), cancellationToken);
                return answer(write.ResultingRevision);
            },
            cancellationToken);

    private static void RequireRoom(Client client)
    {
        if (client.ClientType == ClientType.Public)
        {
            throw OperationFields.Invalid("client_id", "must not be a public client, which cannot keep a secret");
        }

        if (client.Secrets.Count >= Most)
        {
            throw OperationFields.Invalid("client_id", string.Create(CultureInfo.InvariantCulture, $"has {Most} secrets, the most a client can have"));
        }
    }

    private static async Task ReplaceAsync(
        RealmWrite write, Client client, IEnumerable<ClientSecret> secrets, CancellationToken cancellationToken)
    {
        var after = client with { Secrets = secrets.OrderBy(secret => secret.SecretId, StringComparer.Ordinal).ToValueList() };
        if (!after.Equals(client))
        {
            await write.ApplyAsync(new RealmChange(client, after), cancellationToken);
        }
    }

    private async Task<Client> FindAsync(RealmWrite write, string realmId, string clientId, CancellationToken cancellationToken)
    {
        write.Limit?.Enter(ResourceKind.Client);
        var id = OperationFields.RequireId(ResourceForm.Of(ResourceKind.Client), clientId, "client_id");
        var client = await clients.FindAsync(write.Session, realmId, id, cancellationToken);
        return client is not null && (write.Limit is not { } limit || await limit.Sight().SeesAsync(client, cancellationToken))
            ? client
            : throw ResourceNotFound.For(ResourceKind.Client, id);
    }

    private static ClientSecret Find(Client client, string secretId) =>
        client.Secrets.FirstOrDefault(secret => secret.SecretId == secretId)
        ?? throw new IamException(ErrorReason.ResourceNotFound, $"The client has no secret '{secretId}'.")
        {
            Metadata = new Dictionary<string, string> { ["resource_kind"] = "client_secret", ["resource_id"] = secretId },
        };

    private static IEnumerable<ClientSecret> Others(Client client, string secretId) => client.Secrets.Where(secret => secret.SecretId != secretId);
}
