namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Something that must be right before the service listens, looked at when the database has its current schema.</summary>
/// <param name="RunAsync">Throws <see cref="StartupException"/> with what is wrong.</param>
public sealed record StartCheck(Func<CancellationToken, Task> RunAsync);
