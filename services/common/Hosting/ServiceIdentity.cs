namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Which service this is.</summary>
/// <param name="Name">One of <see cref="ServiceNames"/>.</param>
public sealed record ServiceIdentity(string Name);
