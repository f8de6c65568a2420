using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>One thing that a service needs to answer. Hosts register as many as they have.</summary>
/// <param name="Name">For the log: "database", "realm feed".</param>
/// <param name="ProbeAsync">Throws where the thing does not work.</param>
public sealed record ReadinessCheck(string Name, Func<CancellationToken, Task> ProbeAsync)
{
    internal static ReadinessCheck OfDatabase(IDatabase database) => new("database", async cancellationToken =>
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await session.QuerySingleOrDefaultAsync<int>("select 1", null, cancellationToken);
    });
}
